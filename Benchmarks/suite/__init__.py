"""The benchmark suite: what run.py is made of. Python 3.9, standard library only."""
