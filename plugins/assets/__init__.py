"""Assets: the declared style sheet order, fingerprinted names, integrity hashes.

Templates find them in ``frame.assets`` by their names in the theme (``css/site.css``).
"""
