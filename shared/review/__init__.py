"""The review desk: what a person must decide, moves between departments, what failed, scans that were refused.

exchange   requests, answers, addresses          gate       who asks, and whether a deed came from our own page
answering  from a request to an answer           desk       what all pages stand on
viewing    pages and files                       acting     a form that was sent
queues     lists       dossier  one document     scans      one scanned file
decisions  what a person does with a document    pages      HTML out of templates/
"""
