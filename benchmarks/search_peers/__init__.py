"""What `benchmarks.search` and `benchmarks.http_load` are made of: articles, questions, engines."""
