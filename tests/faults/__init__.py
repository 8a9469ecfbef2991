"""A disk that fails and loses power on demand, under the product's own database."""
