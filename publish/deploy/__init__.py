"""Publishing: plan, guard, upload, verify, switch, try it out; back again if it fails.

:mod:`publish.deploy.engine` knows the order, the targets know how: ``dir``, ``ssh``
(:mod:`~publish.deploy.server`), ``s3`` and ``git-pages``.
"""
