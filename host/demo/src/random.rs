//! Chance that is the same every time: a small generator (`SplitMix64`) whose streams are named by what they are for.
//!
//! Each part of each day draws from a stream of its own, so that what happened on a day does not depend on which other
//! days are asked for; each order does, so that what happened does not depend on the hour at which it is asked.

pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of this seed with this name and number.
    pub fn of(seed: u64, name: &str, number: i64) -> Self {
        let mut random = Self { state: seed };
        for byte in name.bytes() {
            random.state ^= u64::from(byte);
            random.next();
        }
        random.state ^= number.cast_unsigned();
        random.next();
        random
    }

    /// The stream of this seed for one of many things, by its number in some system.
    pub fn of_document(seed: u64, document: &str) -> Self {
        let mut random = Self { state: seed };
        for byte in document.bytes() {
            // What comes out, other than the state, differs in every place where the numbers differ in one.
            random.state = random.next() ^ u64::from(byte);
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number from 0 up to, and without, `count`, which is at least 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    /// From the first number up to and with the last.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first + 1).max(1).unsigned_abs() as usize) as i64
    }

    pub fn pick<'a, Item>(&mut self, items: &'a [Item]) -> Option<&'a Item> {
        if items.is_empty() { None } else { items.get(self.below(items.len())) }
    }

    /// One of words that are always there.
    pub fn word<const COUNT: usize>(&mut self, words: [&'static str; COUNT]) -> &'static str {
        words[self.below(COUNT)]
    }

    /// About the normal distribution, from -3 to 3: the sum of twelve even draws.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>().clamp(3.0, 9.0) - 6.0
    }

    /// How often something happens that happens so often on average (Poisson; the average at most 200).
    pub fn count(&mut self, average: f64) -> usize {
        let limit = (-average.clamp(0.0, 200.0)).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// Around a median, with a long tail above it.
    pub fn around(&mut self, median: f64, spread: f64) -> f64 {
        median * (self.normal() * spread).exp()
    }
}
