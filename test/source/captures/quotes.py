"""What an error can quote."""
import struct

from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_RR
from scapy.layers.inet6 import *  # noqa: F403
from scapy.layers.ipsec import AH, ESP
from scapy.layers.sctp import SCTP
from scapy.packet import Raw

from packets import A4, A6, B4, B6, icmp, icmp6, raw4, raw6, udp4, udp6

DCCP = struct.pack("!HHBBHBBHI", 6000, 6001, 6, 0, 0, 0x05, 0, 1, 2) + bytes(8)
UDPLITE = struct.pack("!HHHH", 7000, 7001, 8, 0)


def quoted4():
    head = {"src": B4, "dst": A4}
    yield IP(**head) / TCP(sport=40000, dport=443, seq=1)
    yield IP(**head) / UDP(sport=65535, dport=1)
    yield IP(**head) / SCTP(sport=5000, dport=5001)
    yield IP(proto=33, **head) / Raw(DCCP)
    yield IP(proto=136, **head) / Raw(UDPLITE)
    yield IP(options=[IPOption_RR(length=39, routers=["0.0.0.0"] * 9)], **head) / UDP(sport=1, dport=2)
    yield IP(flags="DF", frag=100, proto=17, **head) / Raw(b"\x12\x34\x56\x78" * 4)
    yield IP(frag=1, proto=1, **head) / Raw(b"\x08\x00\x56\x78" * 4)
    yield IP(flags="MF", **head) / UDP(sport=8, dport=9) / Raw(b"z" * 16)
    yield IP(proto=47, **head) / Raw(bytes(8))
    yield IP(proto=50, **head) / ESP(spi=0x100, seq=3) / Raw(b"e" * 16)
    yield IP(proto=255, **head) / Raw(bytes(8))
    for type_ in (0, 8, 13, 14, 17, 42):
        yield IP(**head) / ICMP(type=type_, id=0x1234, seq=5) / Raw(bytes(8))
    yield IP(**head) / ICMP(type=3, code=1) / IP(src=A4, dst=B4) / UDP(sport=53, dport=54)
    yield IP(**head) / IP(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=53, dport=54)
    yield IP(proto=58, **head) / Raw(b"\x80\0\0\0\x12\x34\0\x05")


def quoted6():
    head = {"src": B6, "dst": A6}
    udp = UDP(sport=3, dport=4)
    yield IPv6(**head) / TCP(sport=40000, dport=443, seq=1)
    yield IPv6(**head) / UDP(sport=65535, dport=1)
    yield IPv6(**head) / SCTP(sport=5000, dport=5001)
    yield IPv6(nh=33, **head) / Raw(DCCP)
    yield IPv6(nh=136, **head) / Raw(UDPLITE)
    yield IPv6(**head) / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt() / udp
    yield IPv6(**head) / IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(28))]) / udp
    yield IPv6(nh=60, **head) / Raw(bytes([17, 0, 1, 247, 0, 0, 0, 0])) / udp
    yield IPv6(**head) / IPv6ExtHdrRouting(addresses=[A6, B6]) / udp
    yield IPv6(**head) / IPv6ExtHdrSegmentRouting(addresses=[A6, B6]) / udp
    yield IPv6(**head) / IPv6ExtHdrFragment(offset=0, m=1, id=1) / udp / Raw(b"z" * 16)
    yield IPv6(**head) / IPv6ExtHdrFragment(offset=0, m=0, id=1) / udp / Raw(b"z" * 16)
    yield IPv6(**head) / IPv6ExtHdrFragment(offset=100, m=0, id=1, nh=17) / Raw(b"\x12\x34\x56\x78" * 4)
    yield IPv6(**head) / IPv6ExtHdrFragment(offset=1, m=1, id=1, nh=60) / Raw(b"\x11\x00\x56\x78" * 4)
    yield IPv6(nh=51, **head) / AH(nh=17, spi=1, seq=1, icv=b"i" * 12, payloadlen=4) / udp
    yield IPv6(nh=50, **head) / ESP(spi=0x100, seq=3) / Raw(b"e" * 16)
    yield IPv6(nh=59, **head) / Raw(bytes(8))
    yield IPv6(nh=135, **head) / Raw(bytes([59, 0, 5, 0, 0, 0, 0, 0]))
    yield IPv6(nh=139, **head) / Raw(bytes([59, 4, 1, 0x21]) + bytes(36))
    yield IPv6(nh=140, **head) / Raw(bytes([17, 0, 0x80, 0, 0, 0, 0, 1]) + bytes(UDP(sport=3, dport=4)))
    for headers in (7, 8, 9):
        nested = IPv6(**head)
        for _ in range(headers):
            nested = nested / IPv6ExtHdrDestOpt()
        yield nested / udp
    for type_ in (128, 129):
        yield IPv6(nh=58, **head) / Raw(struct.pack("!BBHHH", type_, 0, 0, 0x1234, 5))
    yield IPv6(nh=58, **head) / Raw(struct.pack("!BBHI", 135, 0, 0, 0) + bytes(16))
    yield IPv6(**head) / ICMPv6DestUnreach() / IPv6(src=A6, dst=B6) / UDP(sport=53, dport=54)
    yield IPv6(**head) / IPv6(src=A6, dst=B6) / UDP(sport=53, dport=54)
    yield IPv6(nh=1, **head) / Raw(b"\x08\0\0\0\x12\x34\0\x05")


def quotes():
    for quoted in quoted4():
        yield icmp(ICMP(type=3, code=1) / quoted)
        # RFC 792: the header and 64 bits.
        yield icmp(ICMP(type=11) / Raw(bytes(quoted)[: quoted.ihl * 4 + 8 if quoted.ihl else 28]))
    for quoted in quoted6():
        yield icmp6(ICMPv6DestUnreach(code=3) / quoted)
        yield icmp6(ICMPv6TimeExceeded() / Raw(bytes(quoted)[:48]))
    for length in (0, 1, 9, 19, 20, 21, 23, 24, 26, 27):
        yield raw4(3, 3, bytes(4) + bytes(udp4)[:length])
        yield raw4(11, 0, bytes(4) + bytes(quoted_echo4)[:length])
    for length in (0, 1, 39, 40, 41, 43, 44, 46, 47):
        yield raw6(1, 4, bytes(4) + bytes(udp6)[:length])
        yield raw6(3, 0, bytes(4) + bytes(quoted_echo6)[:length])
    # What no quote is: the other version, none, a header shorter than itself.
    yield raw4(3, 3, bytes(4) + bytes(udp6))
    yield raw6(1, 4, bytes(4) + bytes(udp4))
    yield raw4(3, 3, bytes(4) + b"\x15" + bytes(udp4)[1:])
    yield raw4(3, 3, bytes(4) + b"\x44" + bytes(udp4)[1:])


quoted_echo4 = IP(src=B4, dst=A4) / ICMP(type=8, id=0x1234, seq=5)
quoted_echo6 = IPv6(src=B6, dst=A6) / ICMPv6EchoRequest(id=0x1234, seq=5)
