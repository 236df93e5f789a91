"""A local Service Bus: the real azure-servicebus SDK talks to it with `UseDevelopmentEmulator=true`.

The semantics (agenda, rules, inlets, queues, namespace) know no AMQP; the wire (encoding, connection, links,
management) knows no rules of queues. `broker.Broker` joins the two.
"""
