"""The Python behind ``publish.sh``: build, check, preview, test, new, deploy."""
