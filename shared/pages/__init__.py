"""Pages of a scanned file: what the file is, what each page holds, and which pages make a document.

`worker` runs in a child process, so that a hostile file can neither crash nor stall the functions; `workbench` is the
parent's side of it. `account`, `cuts` and `fingerprint` are pure.
"""
