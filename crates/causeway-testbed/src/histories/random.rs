//! Random numbers that are the same for a seed on every machine and in every version.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not nought.
    pub const fn below(&mut self, end: u32) -> u32 {
        // The remainder is below a `u32`, and its bias is far too small to matter here.
        #[expect(clippy::cast_possible_truncation, reason = "a remainder of a u32")]
        {
            (self.next() % end as u64) as u32
        }
    }

    /// True so many times in a hundred.
    pub const fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of these, which are some.
    pub fn of_list<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        let end = u32::try_from(list.len()).unwrap_or(u32::MAX);
        &list[self.below(end) as usize]
    }
}
