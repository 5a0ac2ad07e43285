"""The command line. Data goes to stdout, words and progress to stderr."""
