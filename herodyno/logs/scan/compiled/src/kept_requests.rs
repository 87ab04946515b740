//! Good requests wait inside as numbers, each name once, and are then counted dyno by dyno.

use crate::columns::{places, push_number, push_text, values, Columns};
use crate::grammar::*;
use crate::names::Names;
use crate::requests::*;
use crate::times::{Clock, STAMP_LENGTH};

/// The fields that are names, in the order of the columns in which each name stands once.
const NAMED: [usize; 7] = [AT_DYNO, AT_PATH, AT_FWD, AT_SERVICE, AT_METHOD, AT_HOST, AT_STATUS];
const WIDTH: usize = 2; // numbers of a row: dyno and path, fwd and service

/// Puts the requests of the block behind those that wait, in cells so many microseconds wide. All or none are put there.
pub fn keep(c: &mut Columns, span: i64) -> Option<i64> {
    let (of_block, kept) = c.texts.split_at_mut(KEPT_DYNOS);
    let (waiting, counts) = c.numbers.split_at_mut(KEPT_OF_DYNOS);
    let stamps = of_block[REQUESTS_STAMPS].chunks_exact(STAMP_LENGTH + 1);
    let mut rows: Vec<[u32; NAMED.len()]> = Vec::new();
    rows.try_reserve_exact(stamps.len()).ok()?;
    rows.resize(stamps.len(), Default::default());
    for (at, names) in c.names.iter_mut().enumerate() {
        for (name, row) in values(&of_block[REQUESTS_STAMPS + NAMED[at]])?.into_iter().zip(&mut rows) {
            row[at] = names.of(name, &mut kept[at], &mut counts[at])?;
        }
    }
    let mut clock = Clock::default();
    let (mut more, mut cells) = (Vec::new(), Vec::new());
    more.try_reserve_exact(rows.len() * WIDTH).ok()?;
    for (stamp, [dyno, path, fwd, service, ..]) in stamps.zip(&rows) {
        more.extend_from_slice(&[both(*dyno, *path), both(*fwd, *service)]);
        add_to_runs(&mut cells, clock.microseconds(&stamp[..STAMP_LENGTH])?.div_euclid(span))?;
    }
    waiting[KEPT_ROWS].try_reserve(more.len()).ok()?;
    waiting[KEPT_CELLS].try_reserve(cells.len()).ok()?;
    waiting[KEPT_ROWS].extend_from_slice(&more);
    waiting[KEPT_CELLS].extend_from_slice(&cells);
    for row in &rows {
        row.iter().zip(counts.iter_mut()).for_each(|(number, counts)| counts[*number as usize] += 1);
    }
    Some(0)
}

/// Adds a row to runs: a cell, and how many rows follow each other in it.
fn add_to_runs(runs: &mut Vec<i64>, cell: i64) -> Option<()> {
    if let [.., last, rows] = runs.as_mut_slice() {
        if *last == cell {
            *rows += 1;
            return Some(());
        }
    }
    push_number(runs, cell)?;
    push_number(runs, 1)
}

fn both(high: u32, low: u32) -> i64 {
    i64::from(high) << 32 | i64::from(low)
}

/// Forgets the waiting requests.
pub fn forget(c: &mut Columns) -> Option<i64> {
    c.texts[KEPT_DYNOS..=KEPT_STATUSES].iter_mut().for_each(Vec::clear);
    c.numbers[KEPT_ROWS..=KEPT_OF_STATUSES].iter_mut().for_each(Vec::clear);
    c.names.iter_mut().for_each(Names::clear);
    Some(0)
}

/// Counts the waiting requests dyno by dyno, and returns how many they are. `given` has the place of each path, of each
/// fwd and of each service, and the step of each service.
pub fn count(c: &mut Columns, given: &[i64], most: usize) -> Option<i64> {
    let (numbers, kept) = c.numbers.split_at_mut(KEPT_ROWS);
    let (texts, kept_texts) = c.texts.split_at_mut(KEPT_DYNOS);
    texts[OWN_DYNOS..=OWN_STEPS].iter_mut().for_each(Vec::clear);
    numbers[OWN_REQUESTS..=OWN_OTHER_CLIENTS].iter_mut().for_each(Vec::clear);
    let of_names = |column: usize| &kept[column - KEPT_ROWS];
    let (n_paths, n_fwds, n_services) =
        (of_names(KEPT_OF_PATHS).len(), of_names(KEPT_OF_FWDS).len(), of_names(KEPT_OF_SERVICES).len());
    if given.len() != n_paths + n_fwds + 2 * n_services {
        return None;
    }
    let (paths, given) = given.split_at(n_paths);
    let (clients, given) = given.split_at(n_fwds);
    let (services, steps) = given.split_at(n_services);
    let mut seen = [(Seen::new(n_services)?, OWN_SERVICES), (Seen::new(n_paths)?, OWN_PATHS), (Seen::new(n_fwds)?, OWN_CLIENTS)];

    let (dynos, rows) = (values(&kept_texts[0])?, &kept[0]);
    let (order, ends) = by_dyno(rows, of_names(KEPT_OF_DYNOS))?;
    let cells = cells_of(of_names(KEPT_CELLS), order.len())?;
    let mut by_name = places(dynos.len())?;
    by_name.sort_unstable_by_key(|dyno| dynos[*dyno]);
    texts[OWN_STEPS].try_reserve(order.len() + 1).ok()?;
    for dyno in by_name {
        let own = &order[if dyno == 0 { 0 } else { ends[dyno - 1] }..ends[dyno]];
        if own.is_empty() {
            continue;
        }
        push_text(&mut texts[OWN_DYNOS], dynos[dyno])?;
        push_number(&mut numbers[OWN_REQUESTS], i64::try_from(own.len()).ok()?)?;
        push_number(&mut numbers[OWN_RUNS], 0)?;
        let mut cell_before = None;
        for place in own.iter().copied() {
            let (row, cell) = (&rows[place * WIDTH..(place + 1) * WIDTH], cells[place]);
            if cell_before != Some(cell) {
                cell_before = Some(cell);
                *numbers[OWN_RUNS].last_mut()? += 1;
                push_number(&mut numbers[OWN_CELLS], cell)?;
                push_number(&mut numbers[OWN_CELL_REQUESTS], 0)?;
            }
            *numbers[OWN_CELL_REQUESTS].last_mut()? += 1;
            let service = low(row[1]);
            texts[OWN_STEPS].push(u8::try_from(steps[service]).ok()?);
            for ((seen, _), place) in seen.iter_mut().zip([services[service], paths[low(row[0])], clients[high(row[1])]]) {
                seen.add(place)?;
            }
        }
        for (seen, column) in &mut seen {
            let most = if *column == OWN_SERVICES { usize::MAX } else { most };
            seen.tell(most, &mut numbers[*column..*column + 4])?;
        }
    }
    texts[OWN_STEPS].push(b'\n');
    i64::try_from(order.len()).ok()
}

fn high(both: i64) -> usize {
    (both >> 32) as usize
}

fn low(both: i64) -> usize {
    both as u32 as usize
}

/// The cell of each row.
fn cells_of(runs: &[i64], rows: usize) -> Option<Vec<i64>> {
    let mut cells = Vec::new();
    cells.try_reserve_exact(rows).ok()?;
    for run in runs.chunks_exact(2) {
        cells.resize(cells.len() + usize::try_from(run[1]).ok()?, run[0]);
    }
    Some(cells)
}

/// The places of rows dyno by dyno, and where those of each dyno end. It has so many.
fn by_dyno(rows: &[i64], of_dynos: &[i64]) -> Option<(Vec<usize>, Vec<usize>)> {
    let mut order = places(rows.len() / WIDTH)?;
    let mut ends = places(of_dynos.len())?;
    let mut before = 0;
    for (end, n) in ends.iter_mut().zip(of_dynos) {
        *end = before;
        before += usize::try_from(*n).ok()?;
    }
    for (place, row) in rows.chunks_exact(WIDTH).enumerate() {
        let end = &mut ends[high(row[0])];
        order[*end] = place;
        *end += 1;
    }
    Some((order, ends))
}

/// How many requests of a dyno have each place.
struct Seen {
    counts: Vec<i64>,
    met: Vec<usize>, // the places with a count, as they were met
}

impl Seen {
    fn new(n: usize) -> Option<Seen> {
        let (mut counts, mut met) = (Vec::new(), Vec::new());
        counts.try_reserve_exact(n).ok()?;
        counts.resize(n, 0);
        met.try_reserve_exact(n).ok()?;
        Some(Seen { counts, met })
    }

    /// A place below 0 counts as nothing.
    fn add(&mut self, place: i64) -> Option<()> {
        if let Ok(place) = usize::try_from(place) {
            let count = self.counts.get_mut(place)?;
            if *count == 0 {
                self.met.push(place);
            }
            *count += 1;
        }
        Some(())
    }

    /// Tells the places, their counts, how many places that are, and how many requests have others; and forgets all.
    ///
    /// Of more than twice `most` places, the most frequent are told, the first met where they tie.
    fn tell(&mut self, most: usize, columns: &mut [Vec<i64>]) -> Option<()> {
        let (mut least, mut ties, mut others) = (0, 0, 0);
        if self.met.len() > most.saturating_mul(2) {
            let mut counts = Vec::new();
            counts.try_reserve_exact(self.met.len()).ok()?;
            counts.extend(self.met.iter().map(|place| self.counts[*place]));
            least = *counts.select_nth_unstable_by(most.checked_sub(1)?, |one, other| other.cmp(one)).1;
            ties = most - counts.iter().filter(|n| **n > least).count();
        }
        let before = columns[0].len();
        let (counts, met) = (&self.counts, &self.met);
        let often = met.iter().filter(|place| counts[**place] > least);
        for place in often.chain(met.iter().filter(|place| counts[**place] <= least)) {
            let n = counts[*place];
            if n < least || n == least && ties == 0 {
                others += n;
                continue;
            }
            ties -= usize::from(n == least);
            push_number(&mut columns[0], i64::try_from(*place).ok()?)?;
            push_number(&mut columns[1], n)?;
        }
        let told = columns[0].len() - before;
        push_number(&mut columns[2], i64::try_from(told).ok()?)?;
        push_number(&mut columns[3], others)?;
        for place in self.met.drain(..) {
            self.counts[place] = 0;
        }
        Some(())
    }
}
