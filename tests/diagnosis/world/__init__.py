"""A third world, made of families: each is a kind of situation, drawn anew from every seed, with the truth kept.

It shares no code with the sandbox nor with the independent world, and none of it looks at the code under test. A case
is judged by the command line alone, from files or from a Heroku that answers in this process.
"""
