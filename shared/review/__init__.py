"""The review desk: what a person must decide, moves between departments, what failed, scans that were refused.

gate        who asks, and whether a deed came from the desk's own page
queues      the lists            dossier   all about one document        scans   all about one scanned file
decisions   what a person does   pages     HTML out of templates/        desk    from a request to an answer
"""
