//! Columns that grow: texts, each ended by LF, and numbers. Each addition fails where there is no memory.

use crate::grammar::{NUMBERS, TEXTS};

pub struct Columns {
    pub texts: [Vec<u8>; TEXTS],
    pub numbers: [Vec<i64>; NUMBERS],
}

impl Default for Columns {
    fn default() -> Self {
        Columns { texts: std::array::from_fn(|_| Vec::new()), numbers: std::array::from_fn(|_| Vec::new()) }
    }
}

impl Columns {
    /// Forgets all values, and keeps the memory for the next ones.
    pub fn clear(&mut self) {
        self.texts.iter_mut().for_each(Vec::clear);
        self.numbers.iter_mut().for_each(Vec::clear);
    }

    pub fn add(&mut self, column: usize, value: &[u8]) -> Option<()> {
        let texts = self.texts.get_mut(column)?;
        texts.try_reserve(value.len() + 1).ok()?;
        texts.extend_from_slice(value);
        texts.push(b'\n');
        Some(())
    }

    pub fn add_number(&mut self, column: usize, value: i64) -> Option<()> {
        let numbers = self.numbers.get_mut(column)?;
        numbers.try_reserve(1).ok()?;
        numbers.push(value);
        Some(())
    }
}
