"""Reading foreign files in a child process that can do little harm: a small part that every floor may use.

- `limits`: how much memory and time a file may take; `configure` says it for the process.
- `calling.run`: what the application calls. It hands a file to a child and gets plain data back, or a RefusedFileError.
- `forking`: the program that children are forked from. It has the readers loaded, no secrets, and no network.
- `guards` and `landlock`: what a child gives up before it opens the file.
- `working`: what a child does; `wire`: the only form in which its answer comes back; `saying`: its texts for people.
- `gdal`: which of GDAL's drivers and settings there are for foreign files.

docs/decisions/0013-foreign-files-in-a-child.md says why.
"""
