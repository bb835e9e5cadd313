"""Proof: what a live site is made of, who says so, and whether it is well.

Everything here looks at a site from outside, as anybody can.
"""
