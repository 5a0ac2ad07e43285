"""The command line. Data goes to stdout, messages and progress to stderr."""
