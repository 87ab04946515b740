//! Rows of several blocks wait inside until there are many.

use crate::columns::Columns;
use crate::grammar::*;

/// Columns of a block, those in which they wait, and how many; of texts and of numbers.
struct Table {
    texts: (usize, usize, usize),
    numbers: (usize, usize, usize),
}

const TABLES: [Table; 2] = [
    Table {
        texts: (SAMPLES_STAMPS, WAITING_SAMPLES_STAMPS, SAMPLES_LOADS - SAMPLES_STAMPS + 1),
        numbers: (SAMPLES_NUMBERS, WAITING_SAMPLES_NUMBERS, SAMPLES_LENGTHS - SAMPLES_NUMBERS + 1),
    },
    Table {
        texts: (FAILURES_STAMPS, WAITING_FAILURES_STAMPS, FAILURES_LINES - FAILURES_STAMPS + 1),
        numbers: (FAILURES_NUMBERS, WAITING_FAILURES_NUMBERS, 1),
    },
];

/// Puts the rows of the block behind those that wait. All or none are put there.
pub fn keep(c: &mut Columns, table: usize) -> Option<i64> {
    let Table { texts: (from, to, n), numbers } = TABLES.get(table)?;
    let (of_block, waiting) = c.texts.split_at_mut(*to);
    let pairs = || of_block[*from..from + n].iter();
    for (column, more) in waiting.iter_mut().zip(pairs()) {
        column.try_reserve(more.len()).ok()?;
    }
    let (from, to, n) = numbers;
    let (numbers_of_block, waiting_numbers) = c.numbers.split_at_mut(*to);
    let number_pairs = || numbers_of_block[*from..from + n].iter();
    for (column, more) in waiting_numbers.iter_mut().zip(number_pairs()) {
        column.try_reserve(more.len()).ok()?;
    }
    waiting_numbers.iter_mut().zip(number_pairs()).for_each(|(column, more)| column.extend_from_slice(more));
    waiting.iter_mut().zip(pairs()).for_each(|(column, more)| column.extend_from_slice(more));
    Some(0)
}

/// Forgets the waiting rows.
pub fn forget(c: &mut Columns, table: usize) -> Option<i64> {
    let Table { texts: (_, to, n), numbers: (_, numbers, of_numbers) } = TABLES.get(table)?;
    c.texts[*to..to + n].iter_mut().for_each(Vec::clear);
    c.numbers[*numbers..numbers + of_numbers].iter_mut().for_each(Vec::clear);
    Some(0)
}
