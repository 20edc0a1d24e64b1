// Tracee's typeCode: type and code as its decoder names them, "DestinationUnreachable(Port)" (release 0.24).

interface TypeName {
  readonly name: string;
  /** Undefined: the type has no codes. */
  readonly codes?: readonly string[];
}

type TypeNames = Readonly<Record<number, TypeName>>;

const types = (names: Readonly<Record<number, string>>): TypeNames =>
  Object.fromEntries(Object.entries(names).map(([type, name]) => [type, { name }]));

const withCodes = (name: string, codes: string): TypeName => ({ name, codes: codes.split(' ') });

const icmpTypes: TypeNames = {
  ...types({
    0: 'EchoReply',
    4: 'SourceQuench',
    8: 'EchoRequest',
    9: 'RouterAdvertisement',
    10: 'RouterSolicitation',
    13: 'TimestampRequest',
    14: 'TimestampReply',
    15: 'InfoRequest',
    16: 'InfoReply',
    17: 'AddressMaskRequest',
    18: 'AddressMaskReply',
  }),
  3: withCodes(
    'DestinationUnreachable',
    'Net Host Protocol Port FragmentationNeeded SourceRoutingFailed NetUnknown HostUnknown SourceIsolated ' +
      'NetAdminProhibited HostAdminProhibited NetTOS HostTOS CommAdminProhibited HostPrecedence PrecedenceCutoff',
  ),
  5: withCodes('Redirect', 'Net Host TOS+Net TOS+Host'),
  11: withCodes('TimeExceeded', 'TTLExceeded FragmentReassemblyTimeExceeded'),
  12: withCodes('ParameterProblem', 'PointerIndicatesError MissingOption BadLength'),
};

/** Multicast listener discovery has no name there. */
const icmpv6Types: TypeNames = {
  ...types({
    2: 'PacketTooBig',
    128: 'EchoRequest',
    129: 'EchoReply',
    133: 'RouterSolicitation',
    134: 'RouterAdvertisement',
    135: 'NeighborSolicitation',
    136: 'NeighborAdvertisement',
    137: 'Redirect',
  }),
  1: withCodes(
    'DestinationUnreachable',
    'NoRouteToDst AdminProhibited BeyondScopeOfSrc AddressUnreachable PortUnreachable SrcAddressFailedPolicy ' +
      'RejectRouteToDst',
  ),
  3: withCodes('TimeExceeded', 'HopLimitExceeded FragmentReassemblyTimeExceeded'),
  4: withCodes('ParameterProblem', 'ErroneousHeaderField UnrecognizedNextHeader UnrecognizedIPv6Option'),
};

/** @param version 4: ICMP, 6: ICMPv6 */
export function formatTypeCode(version: number, type: number, code: number): string {
  const known = (version === 6 ? icmpv6Types : icmpTypes)[type];
  if (known === undefined) return `${type}(${code})`;
  if (known.codes === undefined && code === 0) return known.name;
  const codeName = known.codes?.[code];
  return codeName === undefined ? `${known.name}(Code: ${code})` : `${known.name}(${codeName})`;
}
