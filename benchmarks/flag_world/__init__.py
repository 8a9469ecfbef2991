"""A made-up knowledge base whose articles go bad, its readers, and who mends what a rule flags."""
