"""Every type of ICMP, and the extensions of RFC 4884."""
import struct

from scapy.contrib.icmp_extensions import ICMPExtensionMPLS
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import ICMP, IP
from scapy.packet import Raw

from packets import A4, B4, extension_object, icmp, raw4, raw6, structure, udp4, udp6

SIX = bytes.fromhex("20010db8" + "00" * 11 + "09")


def advertisement(entries, words=2):
    """RFC 1256, section 3."""
    data = b"".join(
        bytes([192, 0, 2, n]) + struct.pack("!i", preference) + bytes(4 * (words - 2)) for n, preference in entries
    )
    return struct.pack("!BBH", len(entries), words, 1800) + data


def identifications():
    """RFC 8335, section 2.1: an interface by its name, its index, or its address."""
    yield extension_object(3, 1, b"eth0\0\0\0\0")
    yield extension_object(3, 1, b"seven77\0")
    yield extension_object(3, 2, struct.pack("!I", 7))
    yield extension_object(3, 3, struct.pack("!HBB", 1, 4, 0) + bytes([192, 0, 2, 9]))
    yield extension_object(3, 3, struct.pack("!HBB", 2, 16, 0) + SIX)
    yield extension_object(3, 3, struct.pack("!HBB", 16389, 6, 0) + bytes([2, 0, 0, 0, 0, 1, 0, 0]))


def icmp_types():
    yield icmp(ICMP(type=8, id=0x1234, seq=7) / Raw(b"x" * 56), ttl=63, tos=0xB8, id=4711, flags="DF")
    yield icmp(ICMP(type=0, id=0x1234, seq=7) / Raw(b"x" * 57))
    for code in range(17):
        yield icmp(ICMP(type=3, code=code, nexthopmtu=1280 if code == 4 else 0) / udp4)
    yield icmp(ICMP(type=3, code=4, nexthopmtu=0) / udp4)
    yield icmp(ICMP(type=4) / udp4)
    for code in range(5):
        yield icmp(ICMP(type=5, code=code, gw="192.0.2.254") / udp4)
    yield raw4(9, 0, advertisement([(1, 0), (2, 5), (3, -(2**31))]))
    yield raw4(9, 16, advertisement([(1, 2**31 - 1)]))
    yield raw4(9, 0, advertisement([(n, n) for n in range(60)]))
    yield raw4(9, 0, advertisement([]))
    yield raw4(9, 0, advertisement([(1, 4), (2, 3)], words=3))
    yield raw4(9, 0, struct.pack("!BBH", 2, 1, 1800) + bytes([192, 0, 2, 1, 192, 0, 2, 2]))
    yield raw4(10, 0, bytes(4))
    yield icmp(ICMP(type=11, code=0) / udp4)
    yield icmp(ICMP(type=11, code=1) / udp4)
    for code in range(4):
        yield icmp(ICMP(type=12, code=code, ptr=20) / udp4)
    yield icmp(ICMP(type=13, id=1, seq=2, ts_ori=36_000_000, ts_rx=0, ts_tx=0))
    yield icmp(ICMP(type=14, id=1, seq=2, ts_ori=36_000_000, ts_rx=0x80000001, ts_tx=36_000_200))
    yield icmp(ICMP(type=15, id=3, seq=4))
    yield icmp(ICMP(type=16, id=3, seq=4))
    yield icmp(ICMP(type=17, id=5, seq=6, addr_mask="0.0.0.0"))
    yield icmp(ICMP(type=18, id=5, seq=6, addr_mask="255.255.254.0"))
    for identification in identifications():
        yield raw4(42, 0, struct.pack("!HBB", 9, 200, 1) + structure(identification))
        yield raw6(160, 0, struct.pack("!HBB", 9, 200, 1) + structure(identification))
    for code in range(6):
        yield raw4(43, code, struct.pack("!HBB", 9, 200 + code, 0x46))
    for type_ in (1, 2, 6, 7, 19, 30, 37, 40, 41, 44, 253, 255):
        yield raw4(type_, 3, bytes(range(24)))


def interfaces():
    """RFC 5837, section 4: every combination of the parts, each role."""
    for ctype in range(16):
        payload = b""
        if ctype & 8:
            payload += struct.pack("!I", 15)
        if ctype & 4:
            payload += struct.pack("!HH", 1, 0) + bytes([10, 0, 0, 1]) if ctype & 1 else struct.pack("!HH", 2, 0) + SIX
        if ctype & 2:
            payload += bytes([12]) + b"ge-0/0/1\0\0\0"
        if ctype & 1:
            payload += struct.pack("!I", 9000)
        yield extension_object(2, (ctype & 3) << 6 | ctype, payload)


def mpls(*labels):
    return bytes(ICMPExtensionMPLS(stack=[MPLS(label=a, cos=b, s=c, ttl=d) for a, b, c, d in labels]))


def with_structure(version, type_, code, data, length=True, quote_bytes=128, quoted=None):
    """An error of a quote, padded, and of a structure behind it."""
    quoted = quoted or (udp6 if version == 6 else udp4)
    quote = bytes(quoted).ljust(quote_bytes, b"\0")[:quote_bytes]
    units = quote_bytes // (8 if version == 6 else 4) if length else 0
    rest = bytes([units, 0, 0, 0]) if version == 6 else bytes([0, units, 0, 0])
    return (raw6 if version == 6 else raw4)(type_, code, rest + quote + data)


ERRORS = ((4, 3), (4, 11), (4, 12), (6, 1), (6, 3))


def extensions():
    stack = mpls((16001, 1, 0, 254), (3, 0, 1, 1))
    name = extension_object(2, 0x0A, struct.pack("!I", 15) + bytes([64]) + b"n" * 63)
    for version, type_ in ERRORS:
        yield with_structure(version, type_, 0, structure(stack))
        yield with_structure(version, type_, 0, structure(stack), length=False)
    for interface in interfaces():
        yield with_structure(4, 11, 0, structure(interface))
        yield with_structure(6, 3, 0, structure(interface))
    yield with_structure(4, 3, 3, structure(stack, extension_object(2, 0x08, struct.pack("!I", 2)), name))
    yield with_structure(6, 1, 4, structure(extension_object(4, 1, b"abcd"), stack))
    # Longer than the least, which is 128 bytes, and as long as the record in the ring has room for.
    yield with_structure(4, 11, 0, structure(stack), quote_bytes=160)
    yield with_structure(6, 3, 0, structure(stack), quote_bytes=400)
    # Of datagrams that were longer than their quote.
    long4, long6 = udp4 / Raw(b"long" * 300), udp6 / Raw(b"long" * 300)
    for length in (True, False):
        yield with_structure(4, 11, 0, structure(stack), length=length, quoted=long4)
        yield with_structure(6, 3, 0, structure(stack), length=length, quoted=long6)
    # Shorter: what is behind its end is not the quote's.
    for quote_bytes in (20, 24, 28):
        yield with_structure(4, 3, 3, structure(stack), quote_bytes=quote_bytes)
    for quote_bytes in (40, 48):
        yield with_structure(6, 1, 4, structure(stack), quote_bytes=quote_bytes)
    yield with_structure(4, 11, 0, structure(stack, total=0))
    yield with_structure(4, 11, 0, structure())
    # Where none can be, and where the length says that the quote ends in front of its ports.
    yield with_structure(4, 4, 0, structure(stack))
    yield with_structure(4, 5, 1, structure(stack))
    yield raw4(11, 0, bytes([0, 1, 0, 0]) + bytes(IP(src=B4, dst=A4) / ICMP(type=8, id=7)))
    # Not what it says: a wrong checksum, another version, objects that end behind the message or do not end.
    yield with_structure(4, 11, 0, structure(stack, total=0xDEAD))
    yield with_structure(4, 11, 0, structure(stack, total=0xDEAD), length=False)
    yield with_structure(4, 11, 0, structure(stack, version=1))
    yield with_structure(4, 11, 0, structure(stack, struct.pack("!HBB", 400, 1, 1)))
    yield with_structure(4, 11, 0, structure(stack, struct.pack("!HBB", 0, 1, 1)))
    yield with_structure(4, 11, 0, structure(extension_object(2, 0x0C, struct.pack("!IHH", 1, 2, 0))))
    yield with_structure(4, 11, 0, structure(extension_object(2, 0x4D, struct.pack("!I", 2)), stack))
    yield with_structure(4, 11, 0, structure(extension_object(2, 0x05, struct.pack("!HHII", 9, 0, 1, 2))))
    yield with_structure(4, 11, 0, structure(extension_object(2, 0x02, b"\0")))
    yield with_structure(4, 11, 0, structure(extension_object(2, 0x02, b"\x40abc")))
    # Behind the object of an extended echo is what the sender wants to have echoed.
    probe = struct.pack("!HBB", 9, 200, 1) + structure(extension_object(3, 2, struct.pack("!I", 7)))
    yield raw4(42, 0, probe + bytes(range(48)))
    yield raw6(160, 0, probe + bytes(range(48)))
