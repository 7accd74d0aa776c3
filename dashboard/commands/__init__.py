"""The commands of the shell, one file each; being in this folder is the registration.

A file's docstring begins with the line that `burnline --help` shows, and the file ends with
`COMMAND = …`. It is imported when its command runs, so it may import what it needs. Where a
command that cannot run ends with another code than 2, the file says `CANNOT_RUN = …`. Where
it leaves nothing behind that needs an end (a thread, a server), it says `LEAVES_AT_ONCE = True`.
"""
