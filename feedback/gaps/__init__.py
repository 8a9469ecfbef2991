"""What readers could not find, as a short list of questions: gaps of the knowledge base.

`asks` reads what failed, `clustering` groups it, `matching` finds last night's gaps again, and
`gathering` does all of it; `rows` holds the gaps, `actions` is what people do with them, and
`misses` counts failures by the article that comes nearest.
"""
