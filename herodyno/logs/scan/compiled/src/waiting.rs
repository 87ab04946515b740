//! Rows of several blocks wait inside until there are many.

use crate::columns::Columns;
use crate::grammar::*;

/// Columns of a block, and those in which they wait: the first text, how many texts, and the numbers.
struct Table {
    texts: (usize, usize, usize),
    numbers: (usize, usize),
}

const TABLES: [Table; 2] = [
    Table {
        texts: (SAMPLES_STAMPS, WAITING_SAMPLES_STAMPS, SAMPLES_LOADS - SAMPLES_STAMPS + 1),
        numbers: (SAMPLES_NUMBERS, WAITING_SAMPLES_NUMBERS),
    },
    Table {
        texts: (FAILURES_STAMPS, WAITING_FAILURES_STAMPS, FAILURES_LINES - FAILURES_STAMPS + 1),
        numbers: (FAILURES_NUMBERS, WAITING_FAILURES_NUMBERS),
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
    let (numbers_of_block, waiting_numbers) = c.numbers.split_at_mut(numbers.1);
    waiting_numbers[0].try_reserve(numbers_of_block[numbers.0].len()).ok()?;
    waiting_numbers[0].extend_from_slice(&numbers_of_block[numbers.0]);
    for (column, more) in waiting.iter_mut().zip(pairs()) {
        column.extend_from_slice(more);
    }
    Some(0)
}

/// Forgets the waiting rows.
pub fn forget(c: &mut Columns, table: usize) -> Option<i64> {
    let Table { texts: (_, to, n), numbers: (_, numbers) } = TABLES.get(table)?;
    c.texts[*to..to + n].iter_mut().for_each(Vec::clear);
    c.numbers[*numbers].clear();
    Some(0)
}
