"""What other machines are told: by whom each kind of message is delivered, and how."""
