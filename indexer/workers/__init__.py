"""Workers: cleaning in other processes and on other machines, within limits."""
