"""What the scripts beside this one send, the same as the Java side does."""


def echo(value):
    return value


def inputs(kind, count):
    if kind == "int":
        return range(count)
    if kind == "bytes":
        return (bytes(1 << 20) for _ in range(count))
    return ({"id": i, "name": "order-" + str(i % 1000), "amount": i * 0.25, "open": i % 2 == 0} for i in range(count))
