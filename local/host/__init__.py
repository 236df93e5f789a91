"""The Functions host of a laptop: listens to the triggers of function_app.py and calls its functions.

It keeps the promises of the real host that the code relies on: up to N calls at once, lock renewal while a function
runs, complete on success, abandon on an exception (redelivery at once, dead-letter after the delivery limit), five
tries for a blob and then the poison queue, and a stop that lets running calls finish.
https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger
"""
