"""Makes captures with scapy, an encoder that is not ours: every type of message, each link layer, fragments, and
quotes of every kind.  make-captures.py FOLDER"""
import struct
import sys

from scapy.config import conf
from scapy.contrib.icmp_extensions import (
    ICMPExtensionHeader,
    ICMPExtensionInterfaceInformation,
    ICMPExtensionMPLS,
)
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_RR, fragment
from scapy.layers.inet6 import *  # noqa: F403
from scapy.layers.l2 import Dot1Q, Dot1AD, Ether
from scapy.layers.sctp import SCTP
from scapy.packet import Raw
from scapy.utils import PcapNgWriter, PcapWriter

conf.verb = 0
FOLDER = sys.argv[1]
A4, B4 = "192.0.2.1", "198.51.100.2"
A6, B6 = "2001:db8::1", "2001:db8:1::2"
LINK6 = "fe80::1"
DLT_NULL, DLT_ETHERNET, DLT_RAW, DLT_LOOP, DLT_SLL, DLT_IPV4, DLT_IPV6, DLT_SLL2 = 0, 1, 101, 108, 113, 228, 229, 276


def write(name, link_type, packets, snaplen=None, ng=False):
    """Each packet a millisecond after the one before."""
    path = f"{FOLDER}/{name}"
    if ng:
        writer = PcapNgWriter(path)
        for index, packet in enumerate(packets):
            packet.time = 1_700_000_000 + index / 1000
            writer.write(packet)
        writer.close()
        return
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, snaplen or 262144, link_type))
        for index, packet in enumerate(packets):
            data = bytes(packet)
            kept = data[: snaplen or len(data)]
            file.write(struct.pack("<IIII", 1_700_000_000, index * 1_000_000 + index, len(kept), len(data)) + kept)


def icmp(message, **ip):
    return IP(src=A4, dst=B4, **ip) / message


def icmp6(message, src=A6, dst=B6, **ip):
    return IPv6(src=src, dst=dst, **ip) / message


def raw_message(type_, code, body):
    from scapy.utils import checksum

    head = struct.pack("!BBH", type_, code, 0)
    total = checksum(head + body)
    return IP(src=A4, dst=B4, proto=1) / Raw(struct.pack("!BBH", type_, code, total) + body)


def raw6(type_, code, body, src=A6, dst=B6):
    from scapy.layers.inet6 import in6_chksum

    packet = IPv6(src=src, dst=dst, nh=58) / Raw(struct.pack("!BBH", type_, code, 0) + body)
    total = in6_chksum(58, packet, bytes(packet[Raw]))
    return IPv6(src=src, dst=dst, nh=58) / Raw(struct.pack("!BBH", type_, code, total) + body)


udp4 = IP(src=B4, dst=A4, ttl=3, id=77, tos=8) / UDP(sport=5353, dport=517) / Raw(b"talk" * 10)
udp6 = IPv6(src=B6, dst=A6, hlim=3, tc=8) / UDP(sport=5353, dport=517) / Raw(b"talk" * 10)


def icmp_types():
    yield icmp(ICMP(type=8, id=0x1234, seq=7) / Raw(b"x" * 56), ttl=63, tos=0xB8, id=4711, flags="DF")
    yield icmp(ICMP(type=0, id=0x1234, seq=7) / Raw(b"x" * 57))
    for code in range(16):
        yield icmp(ICMP(type=3, code=code, nexthopmtu=1280 if code == 4 else 0) / udp4)
    yield icmp(ICMP(type=4) / udp4)
    for code in range(4):
        yield icmp(ICMP(type=5, code=code, gw="192.0.2.254") / udp4)
    addresses = b"".join(
        bytes([192, 0, 2, n]) + struct.pack("!i", preference)
        for n, preference in ((1, 0), (2, 5), (3, -(2**31)))
    )
    yield raw_message(9, 0, struct.pack("!BBH", 3, 2, 1800) + addresses)
    yield raw_message(9, 16, struct.pack("!BBH", 1, 2, 65535) + addresses[:8])
    yield raw_message(10, 0, bytes(4))
    yield icmp(ICMP(type=11, code=0) / udp4)
    yield icmp(ICMP(type=11, code=1) / udp4)
    for code in range(3):
        yield icmp(ICMP(type=12, code=code, ptr=20) / udp4)
    yield icmp(ICMP(type=13, id=1, seq=2, ts_ori=36_000_000, ts_rx=0, ts_tx=0))
    yield icmp(ICMP(type=14, id=1, seq=2, ts_ori=36_000_000, ts_rx=36_000_100, ts_tx=36_000_200))
    yield icmp(ICMP(type=15, id=3, seq=4))
    yield icmp(ICMP(type=16, id=3, seq=4))
    yield icmp(ICMP(type=17, id=5, seq=6, addr_mask="0.0.0.0"))
    yield icmp(ICMP(type=18, id=5, seq=6, addr_mask="255.255.254.0"))
    identification = struct.pack("!HBB", 8, 3, 2) + struct.pack("!I", 7)
    yield raw_message(42, 0, struct.pack("!HBB", 9, 200, 1) + extension(identification))
    by_name = struct.pack("!HBB", 12, 3, 1) + b"eth0\0\0\0\0"
    yield raw_message(42, 0, struct.pack("!HBB", 9, 201, 1) + extension(by_name))
    by_address = struct.pack("!HBBHBB", 24, 3, 3, 2, 16, 0) + bytes.fromhex("20010db8" + "00" * 11 + "09")
    yield raw_message(42, 0, struct.pack("!HBB", 9, 202, 0) + extension(by_address))
    for code in range(5):
        yield raw_message(43, code, struct.pack("!HBB", 9, 200 + code, 0x46))


def extension(objects):
    from scapy.utils import checksum

    return struct.pack("!BBH", 0x20, 0, checksum(b"\x20\0\0\0" + objects)) + objects


def icmpv6_types():
    for code in range(9):
        yield icmp6(ICMPv6DestUnreach(code=code) / udp6)
    yield icmp6(ICMPv6PacketTooBig(mtu=1400) / udp6)
    yield icmp6(ICMPv6PacketTooBig(mtu=0xFFFFFFFF) / udp6)
    yield icmp6(ICMPv6TimeExceeded(code=0) / udp6)
    yield icmp6(ICMPv6TimeExceeded(code=1) / udp6)
    for code in range(4):
        yield icmp6(ICMPv6ParamProblem(code=code, ptr=48) / udp6)
    yield icmp6(ICMPv6EchoRequest(id=0x4321, seq=9, data=b"y" * 56), hlim=63, tc=0xB8)
    yield icmp6(ICMPv6EchoReply(id=0x4321, seq=9, data=b"y" * 57))
    alert = IPv6ExtHdrHopByHop(options=[RouterAlert()])
    yield IPv6(src=LINK6, dst="ff02::1", hlim=1) / alert / ICMPv6MLQuery(mladdr="::", mrd=10000)
    yield IPv6(src=LINK6, dst="ff02::1", hlim=1) / alert / ICMPv6MLQuery2(mladdr="ff02::fb", sources=[A6, B6])
    yield IPv6(src=LINK6, dst="ff02::fb", hlim=1) / alert / ICMPv6MLReport(mladdr="ff02::fb")
    yield IPv6(src=LINK6, dst="ff02::2", hlim=1) / alert / ICMPv6MLDone(mladdr="ff02::fb")
    records = [
        ICMPv6MLDMultAddrRec(rtype=1 + n % 6, dst=f"ff02::{n + 1:x}", sources=[f"2001:db8::{s + 1:x}" for s in range(n % 4)])
        for n in range(40)
    ]
    yield IPv6(src=LINK6, dst="ff02::16", hlim=1) / alert / ICMPv6MLReport2(records=records[:6])
    yield IPv6(src=LINK6, dst="ff02::16", hlim=1) / alert / ICMPv6MLReport2(records=records)
    yield icmp6(ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"), LINK6, "ff02::2", hlim=255)
    yield icmp6(
        ICMPv6ND_RA(routerlifetime=1800, reachabletime=30000, retranstimer=1000)
        / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01")
        / ICMPv6NDOptPrefixInfo(prefix="2001:db8:5::", prefixlen=64, L=1, A=1, R=1, validlifetime=7200, preferredlifetime=3600)
        / ICMPv6NDOptMTU(mtu=1480)
        / ICMPv6NDOptRouteInfo(prefix="2001:db8:6::", plen=48, prf=1, rtlifetime=600)
        / ICMPv6NDOptRDNSS(dns=["2001:db8::53", "2001:db8::54"], lifetime=900)
        / ICMPv6NDOptDNSSL(searchlist=["example.org", "lab.example.net"], lifetime=901)
        / ICMPv6NDOptAdvInterval(advint=4000)
        / ICMPv6NDOptHAInfo(pref=2, lifetime=77)
        / Raw(pref64(0x64FF9B, 96, 1800)),
        LINK6,
        "ff02::1",
        hlim=255,
    )
    yield icmp6(ICMPv6ND_NS(tgt=B6) / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"), LINK6, "ff02::1:ff00:2", hlim=255)
    yield icmp6(ICMPv6ND_NS(tgt=B6), "::", "ff02::1:ff00:2", hlim=255)
    yield icmp6(ICMPv6ND_NA(tgt=B6, R=1, S=1, O=1) / ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:02"), LINK6, A6, hlim=255)
    yield icmp6(
        ICMPv6ND_Redirect(tgt=LINK6, dst=B6)
        / ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:02")
        / ICMPv6NDOptRedirectedHdr(pkt=udp6),
        LINK6,
        A6,
        hlim=255,
    )
    renumbering = struct.pack("!IBBHI", 99, 3, 0xA8, 500, 0)
    match = struct.pack("!BBBBBBH16s", 1, 3, 0, 64, 0, 128, 0, bytes(16))
    yield raw6(138, 0, renumbering + match)
    yield raw6(138, 1, renumbering)
    yield icmp6(ICMPv6NIQueryIPv6(data=B6))
    yield icmp6(ICMPv6NIQueryName(data="host.example.org"))
    yield icmp6(ICMPv6NIReplyIPv6(data=[(0, B6)]))
    yield icmp6(ICMPv6NIReplyRefuse())
    yield icmp6(ICMPv6ND_INDSol() / ICMPv6NDOptSrcLLAddr() / ICMPv6NDOptDstLLAddr() / ICMPv6NDOptSrcAddrList(addrlist=[A6]))
    yield icmp6(ICMPv6ND_INDAdv() / ICMPv6NDOptSrcLLAddr() / ICMPv6NDOptDstLLAddr() / ICMPv6NDOptTgtAddrList(addrlist=[A6, B6]))
    yield icmp6(ICMPv6HAADRequest(id=5))
    yield icmp6(ICMPv6HAADReply(id=5, addresses=[A6]))
    yield icmp6(ICMPv6MPSol(id=6))
    yield icmp6(ICMPv6MPAdv(id=6) / ICMPv6NDOptPrefixInfo(prefix="2001:db8:7::", prefixlen=60))
    yield raw6(148, 0, struct.pack("!HH", 1, 65535) + bytes([14, 1, 1, 2, 3, 4, 5, 6]))
    yield raw6(149, 0, struct.pack("!HHHH", 1, 2, 0, 0))
    yield raw6(151, 20, struct.pack("!HH", 125, 2))
    yield raw6(152, 0, bytes(4))
    yield raw6(153, 0, bytes(4))
    yield raw6(155, 0, bytes(4))
    yield raw6(160, 0, struct.pack("!HBB", 9, 200, 1) + extension(struct.pack("!HBBI", 8, 3, 2, 7)))
    for code in range(5):
        yield raw6(161, code, struct.pack("!HBB", 9, 200 + code, 0x46))


def pref64(prefix, length, lifetime):
    codes = {96: 0, 64: 1, 56: 2, 48: 3, 40: 4, 32: 5}
    return struct.pack("!BBHI", 38, 2, lifetime // 8 << 3 | codes[length], prefix) + bytes(8)


def quotes():
    """What an error can quote."""
    for quoted in (
        IP(src=B4, dst=A4) / TCP(sport=40000, dport=443, seq=1),
        IP(src=B4, dst=A4) / SCTP(sport=5000, dport=5001),
        IP(src=B4, dst=A4, proto=33) / Raw(struct.pack("!HHBBHI", 6000, 6001, 5, 0, 0, 0)),
        IP(src=B4, dst=A4, proto=136) / Raw(struct.pack("!HHHH", 7000, 7001, 8, 0)),
        IP(src=B4, dst=A4, options=[IPOption_RR(length=39, routers=["0.0.0.0"] * 9)]) / UDP(sport=1, dport=2),
        IP(src=B4, dst=A4, frag=100, proto=17) / Raw(b"\x12\x34\x56\x78" * 4),
        IP(src=B4, dst=A4, flags="MF") / UDP(sport=8, dport=9) / Raw(b"z" * 16),
        IP(src=B4, dst=A4, proto=47) / Raw(bytes(8)),
    ):
        yield icmp(ICMP(type=3, code=1) / quoted)
        yield icmp(ICMP(type=11) / Raw(bytes(quoted)[:28]))
    for quoted in (
        IPv6(src=B6, dst=A6) / TCP(sport=40000, dport=443, seq=1),
        IPv6(src=B6, dst=A6) / SCTP(sport=5000, dport=5001),
        IPv6(src=B6, dst=A6, nh=33) / Raw(struct.pack("!HHBBHI", 6000, 6001, 5, 0, 0, 0)),
        IPv6(src=B6, dst=A6, nh=136) / Raw(struct.pack("!HHHH", 7000, 7001, 8, 0)),
        IPv6(src=B6, dst=A6) / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt() / UDP(sport=1, dport=2),
        IPv6(src=B6, dst=A6) / IPv6ExtHdrRouting(addresses=[A6, B6]) / UDP(sport=3, dport=4),
        IPv6(src=B6, dst=A6) / IPv6ExtHdrFragment(offset=0, m=1, id=1) / UDP(sport=5, dport=6) / Raw(b"z" * 16),
        IPv6(src=B6, dst=A6) / IPv6ExtHdrFragment(offset=100, m=0, id=1, nh=17) / Raw(b"\x12\x34\x56\x78" * 4),
    ):
        yield icmp6(ICMPv6DestUnreach(code=3) / quoted)
        yield icmp6(ICMPv6TimeExceeded() / Raw(bytes(quoted)[:48]))


def extensions():
    """RFC 4884, with and without its length."""
    stack = ICMPExtensionMPLS(stack=[MPLS(label=16001, cos=1, s=0, ttl=254), MPLS(label=3, cos=0, s=1, ttl=1)])
    interface = ICMPExtensionInterfaceInformation(
        has_ifindex=1, has_ipaddr=1, has_ifname=1, has_mtu=1, interface_role=2,
        ifindex=15, afi=1, ip4="10.10.10.10", ifname="ge-0/0/1", mtu=1500,
    )
    quote = bytes(udp4).ljust(128, b"\0")
    for length in (32, 0):
        body = bytes([0, length, 0, 0]) + quote + bytes(ICMPExtensionHeader() / stack / interface)
        yield raw_message(11, 0, body)
        yield raw_message(3, 3, body)
        yield raw_message(12, 0, body)


def headers6():
    """Extension headers in front of the message."""
    echo = ICMPv6EchoRequest(id=1, seq=1, data=b"d" * 8)
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrHopByHop(options=[RouterAlert()]) / IPv6ExtHdrDestOpt() / echo
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrRouting(addresses=["2001:db8::77", "2001:db8::78"], segleft=0) / echo
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrFragment(offset=0, m=0, id=0xABCD) / echo
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0" * 12)]) / echo


def fragments():
    """Whole, in reverse, with a duplicate, interleaved with another datagram, and one that stays incomplete."""
    large = icmp(ICMP(type=8, id=1, seq=1) / Raw(bytes(range(256)) * 12), id=100)
    parts = fragment(large, 1000)
    yield from parts
    yield from reversed(fragment(icmp(ICMP(type=8, id=1, seq=2) / Raw(b"r" * 3000), id=101), 1000))
    yield from parts6(A6, B6, 1, b"s" * 3000)
    first, second, third = parts6(A6, B6, 2, b"t" * 2000)[:3]
    yield from (third, first, first, second)
    yield fragment(icmp(ICMP(type=8, id=1, seq=3) / Raw(b"u" * 3000), id=102), 1000)[0]


def parts6(src, dst, sequence, data):
    packet = IPv6(src=src, dst=dst) / IPv6ExtHdrFragment(id=0x1000 + sequence) / ICMPv6EchoRequest(id=2, seq=sequence, data=data)
    return fragment6(packet, 1000)


def spoilt():
    for packet in (icmp(ICMP(type=8) / Raw(b"x" * 9)), icmp6(ICMPv6EchoRequest(data=b"x" * 9))):
        data = bytearray(bytes(packet))
        data[-1] ^= 0xFF
        yield Raw(bytes(data))


def cooked(version, packet_type, packet):
    protocol = 0x86DD if packet.version == 6 else 0x0800
    address = bytes([2, 0, 0, 0, 0, 1, 0, 0])
    if version == 1:
        return struct.pack("!HHH8sH", packet_type, 1, 6, address, protocol) + bytes(packet)
    return struct.pack("!HHIHBB8s", protocol, 0, 42, 1, packet_type, 6, address) + bytes(packet)


def ethernet(packet, *tags):
    frame = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    for tag in tags:
        frame = frame / tag
    return frame / packet


messages = [*icmp_types(), *icmpv6_types()]
write("icmp.pcap", DLT_RAW, icmp_types())
write("icmpv6.pcap", DLT_RAW, icmpv6_types())
write("quotes.pcap", DLT_RAW, quotes())
write("extensions.pcap", DLT_RAW, extensions())
write("headers6.pcap", DLT_RAW, headers6())
write("fragments.pcap", DLT_RAW, fragments())
write("spoilt.pcap", DLT_RAW, spoilt())
write("ethernet.pcap", DLT_ETHERNET, [ethernet(packet) for packet in messages])
write("vlan.pcap", DLT_ETHERNET, [ethernet(packet, Dot1Q(vlan=5)) for packet in messages])
write("qinq.pcap", DLT_ETHERNET, [ethernet(packet, Dot1AD(vlan=6), Dot1Q(vlan=5)) for packet in messages])
write("ethernet.pcapng", DLT_ETHERNET, [ethernet(packet) for packet in messages], ng=True)
write("sll.pcap", DLT_SLL, [cooked(1, 4 if index % 2 else 0, packet) for index, packet in enumerate(messages)])
write("sll2.pcap", DLT_SLL2, [cooked(2, 4 if index % 2 else 0, packet) for index, packet in enumerate(messages)])
write("null.pcap", DLT_NULL, [struct.pack("<I", 24 if p.version == 6 else 2) + bytes(p) for p in messages])
write("loop.pcap", DLT_LOOP, [struct.pack("!I", 24 if p.version == 6 else 2) + bytes(p) for p in messages])
write("ipv4.pcap", DLT_IPV4, icmp_types())
write("ipv6.pcap", DLT_IPV6, icmpv6_types())
write("snaplen.pcap", DLT_RAW, messages, snaplen=90)
