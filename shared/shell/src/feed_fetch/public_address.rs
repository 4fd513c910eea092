//! Which addresses are public: those where everybody may ask, and none that is near or special.
//!
//! After the registries of special-purpose addresses (RFC 6890, and what IANA lists since). Where
//! one could argue, an address is not public: no calendar is missed by it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether everybody may ask at this address.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|block| block.has(bits(address))),
        IpAddr::V6(address) => {
            UNICAST_V6.has(address.to_bits())
                && !SPECIAL_V6.iter().any(|block| block.has(address.to_bits()))
                && !is_isatap(address)
        }
    }
}

/// The addresses that begin with the first `length` bits of `start`.
struct Block {
    start: u128,
    length: u32,
}

impl Block {
    const fn v4(a: u8, b: u8, c: u8, d: u8, length: u32) -> Self {
        Self { start: bits(Ipv4Addr::new(a, b, c, d)), length }
    }

    /// `high` is the first half of the address.
    const fn v6(high: u64, length: u32) -> Self {
        Self { start: (high as u128) << 64, length }
    }

    fn has(&self, address: u128) -> bool {
        (self.start ^ address) >> (u128::BITS - self.length) == 0
    }
}

/// An address of the old kind, at the top of 128 bits.
const fn bits(address: Ipv4Addr) -> u128 {
    (address.to_bits() as u128) << 96
}

const SPECIAL_V4: [Block; 19] = [
    Block::v4(0, 0, 0, 0, 8),        // this network, and "any address" (RFC 791)
    Block::v4(10, 0, 0, 0, 8),       // private (RFC 1918)
    Block::v4(100, 64, 0, 0, 10),    // behind a carrier's NAT (RFC 6598); metadata at Alibaba
    Block::v4(127, 0, 0, 0, 8),      // this machine (RFC 1122)
    Block::v4(168, 63, 129, 16, 32), // the host beneath a machine at Azure: public in form only
    Block::v4(169, 254, 0, 0, 16),   // this link (RFC 3927); metadata at 169.254.169.254
    Block::v4(172, 16, 0, 0, 12),    // private (RFC 1918)
    Block::v4(192, 0, 0, 0, 24),     // protocols (RFC 6890); metadata at Oracle
    Block::v4(192, 0, 2, 0, 24),     // documentation (RFC 5737)
    Block::v4(192, 31, 196, 0, 24),  // a sink for reverse look-ups (RFC 7535)
    Block::v4(192, 52, 193, 0, 24),  // multicast tunnels (RFC 7450)
    Block::v4(192, 88, 99, 0, 24),   // 6to4 relays (RFC 7526)
    Block::v4(192, 168, 0, 0, 16),   // private (RFC 1918)
    Block::v4(192, 175, 48, 0, 24),  // a sink for reverse look-ups (RFC 7534)
    Block::v4(198, 18, 0, 0, 15),    // benchmarks (RFC 2544)
    Block::v4(198, 51, 100, 0, 24),  // documentation (RFC 5737)
    Block::v4(203, 0, 113, 0, 24),   // documentation (RFC 5737)
    Block::v4(224, 0, 0, 0, 4),      // multicast (RFC 5771)
    Block::v4(240, 0, 0, 0, 4),      // reserved (RFC 1112), and broadcast (RFC 919)
];

/// The one block from which public addresses are given out (RFC 4291). Outside it are this
/// machine, mapped and translated addresses of the old kind (`::ffff:0:0/96`, `64:ff9b::/96`,
/// `64:ff9b:1::/48`), unique-local ones (`fc00::/7`, metadata at `fd00:ec2::254`), this link
/// (`fe80::/10`), this site (`fec0::/10`), multicast (`ff00::/8`), and what nobody has yet.
const UNICAST_V6: Block = Block::v6(0x2000_0000_0000_0000, 3);

/// What is special within that block.
const SPECIAL_V6: [Block; 5] = [
    Block::v6(0x2001_0000_0000_0000, 23), // protocols (RFC 2928), Teredo and benchmarks among them
    Block::v6(0x2001_0db8_0000_0000, 32), // documentation (RFC 3849)
    Block::v6(0x2002_0000_0000_0000, 16), // 6to4 (RFC 3056): an address of the old kind within
    Block::v6(0x2620_004f_8000_0000, 48), // a sink for reverse look-ups (RFC 7534)
    Block::v6(0x3fff_0000_0000_0000, 20), // documentation (RFC 9637)
];

/// Whether an address of the old kind is within, where routers of a site may take it out
/// (RFC 5214, section 6.1).
fn is_isatap(address: Ipv6Addr) -> bool {
    let [.., first, second, _, _] = address.segments();
    first & 0xfdff == 0 && second == 0x5efe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(addresses: &str, expected: bool) {
        for address in addresses.split_whitespace() {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn public_addresses() {
        check("142.250.185.78 17.253.144.10 52.96.0.1 1.1.1.1 8.8.8.8 223.255.255.255", true);
        check("2a00:1450:4001:82b::200e 2606:4700:4700::1111 2620:149:af0::10 2003::1", true);
        check("2001:200:: 2001:4860:4860::8888 2c0f:fff0::1 2603:1026::5efe", true);
    }

    #[test]
    fn the_neighbours_of_special_blocks_are_public() {
        check("1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0", true);
        check("126.255.255.255 128.0.0.0 168.63.129.15 168.63.129.17", true);
        check("169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0", true);
        check(
            "191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255 192.167.255.255 192.169.0.0",
            true,
        );
        check(
            "198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0",
            true,
        );
        check("2001:db7:ffff:: 2001:db9:: 2003:: 3ffe:ffff:: 3fff:1000::", true);
    }

    #[test]
    fn addresses_of_this_machine_and_its_neighbours() {
        check(
            "0.0.0.0 0.0.0.1 0.255.255.255 127.0.0.1 127.0.0.53 127.1.2.3 127.255.255.255",
            false,
        );
        check("10.0.0.0 10.0.0.1 10.255.255.255 172.16.0.0 172.17.0.1 172.31.255.255", false);
        check("192.168.0.0 192.168.1.1 192.168.255.255 100.64.0.0 100.127.255.255", false);
        check("169.254.0.1 169.254.255.255 :: ::1 fe80::1 fe80::a:b febf:ffff::1", false);
        check("fc00::1 fd00::1 fdff:ffff::1 fec0::1 feff::1", false);
    }

    #[test]
    fn metadata_of_every_cloud() {
        check("169.254.169.254 169.254.170.2 169.254.170.23 169.254.169.253", false);
        check("fd00:ec2::254 fd00:ec2::23 fd20:ce::254 100.100.100.200 192.0.0.192", false);
        check("168.63.129.16", false);
    }

    #[test]
    fn addresses_that_are_nobodys() {
        check("192.0.0.1 192.0.0.170 192.0.2.1 198.51.100.1 203.0.113.255 198.18.0.1", false);
        check("198.19.255.255 192.88.99.1 192.31.196.1 192.52.193.1 192.175.48.1", false);
        check("224.0.0.1 239.255.255.250 240.0.0.1 254.0.0.1 255.255.255.255", false);
        check("2001:db8::1 2001:db8:ffff::1 3fff::1 3fff:fff::1 100::1 100:0:0:1::1", false);
        check("2001:2::1 2001:10::1 2001:20::1 2001:30::1 2001:1::1 2620:4f:8000::1", false);
        check("ff02::1 ff0e::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 5f00::1 4000::1 1::", false);
    }

    #[test]
    fn old_addresses_in_new_clothes() {
        // Mapped, compatible, translated: whatever is within, even if it is public.
        check("::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:7f00:1", false);
        check("::ffff:142.250.185.78 ::127.0.0.1 ::10.0.0.1 ::142.250.185.78", false);
        check(
            "::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::10.0.0.1",
            false,
        );
        // 6to4, Teredo, ISATAP.
        check("2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe::1 2002:8efa:b94e::", false);
        check("2001::1 2001:0:4136:e378:8000:63bf:80ff:fffe", false);
        check("2a00:1450::5efe:127.0.0.1 2a00:1450::200:5efe:10.0.0.1 fe80::5efe:10.0.0.1", false);
    }
}
