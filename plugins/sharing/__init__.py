"""Sharing: what a page looks like when somebody passes it on.

Share links from ``content/data/share.yaml``, social tags, card images made at build,
copyable anchors, QR codes for print.  Nothing is loaded from a third party, and a
safety page shows its neutral title only.
"""
