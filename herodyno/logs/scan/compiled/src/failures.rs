//! Failed requests wait until there are many, and are then put in order of dyno.

use crate::columns::{places, push_number, push_real, push_text, values, Columns, Groups};
use crate::grammar::*;
use crate::requests::*;
use crate::times::{digits, seconds, Clock};

const CODE: usize = 3; // bytes

/// Puts the waiting requests in order of dyno, into columns of their own. Returns how many they are.
///
/// Of the newest `kept` of each code of a dyno, or of each status without a code, the line comes too.
pub fn group(c: &mut Columns, kept: usize) -> Option<i64> {
    let (texts, waiting) = c.texts.split_at_mut(WAITING_FAILURES_STAMPS);
    let (numbers, waiting_numbers) = c.numbers.split_at_mut(WAITING_FAILURES_NUMBERS);
    texts[FAILED_DYNOS..=FAILED_LINES].iter_mut().for_each(Vec::clear);
    numbers[FAILED_REQUESTS..=FAILED_LINE_NUMBERS].iter_mut().for_each(Vec::clear);

    let column = |field: usize| values(&waiting[field]);
    let (stamps, dynos, paths, fwds) = (column(0)?, column(AT_DYNO)?, column(AT_PATH)?, column(AT_FWD)?);
    let (methods, services, statuses) = (column(AT_METHOD)?, column(AT_SERVICE)?, column(AT_STATUS)?);
    let (lines, line_numbers) = (column(FIELDS)?, &waiting_numbers[0]);
    let mut order = places(dynos.len())?;
    order.sort_unstable_by_key(|place| (dynos[*place], *place)); // the requests of a dyno keep their order
    let mut clock = Clock::default();
    let mut rest = &order[..];
    while let Some(first) = rest.first() {
        let dyno = dynos[*first];
        let (own, others) = rest.split_at(rest.partition_point(|place| dynos[*place] == dyno));
        rest = others;
        push_text(&mut texts[FAILED_DYNOS], dyno)?;
        push_number(&mut numbers[FAILED_REQUESTS], i64::try_from(own.len()).ok()?)?;
        for place in own {
            push_text(&mut texts[FAILED_PATHS], paths[*place])?;
            push_text(&mut texts[FAILED_FWDS], fwds[*place])?;
            push_text(&mut texts[FAILED_CODES], code(methods[*place]))?;
            push_text(&mut texts[FAILED_STATUSES], statuses[*place])?;
            push_real(&mut numbers[FAILED_TIMES], seconds(clock.microseconds(stamps[*place])?))?;
            push_number(&mut numbers[FAILED_SERVICES], digits(services[*place])?)?;
        }
        let mut newest = places(own.len())?;
        newest.sort_unstable_by_key(|at| std::cmp::Reverse((stamps[own[*at]], line_numbers[own[*at]])));
        let mut of_codes = Groups::new();
        let mut taken: Vec<usize> = Vec::new();
        let before = numbers[FAILED_LINE_NUMBERS].len();
        for place in newest.iter().map(|at| own[*at]) {
            let code = code(methods[place]);
            let named = if code.is_empty() { statuses[place] } else { code };
            let group = of_codes.of(named)?;
            if group == taken.len() {
                taken.try_reserve(1).ok()?;
                taken.push(0);
            }
            if taken[group] == kept {
                continue;
            }
            taken[group] += 1;
            push_text(&mut texts[FAILED_LINE_CODES], named)?;
            push_text(&mut texts[FAILED_LINES], lines[place])?;
            push_real(&mut numbers[FAILED_LINE_TIMES], seconds(clock.microseconds(stamps[place])?))?;
            push_number(&mut numbers[FAILED_LINE_NUMBERS], line_numbers[place])?;
        }
        let kept_lines = numbers[FAILED_LINE_NUMBERS].len() - before;
        push_number(&mut numbers[FAILED_KEPT], i64::try_from(kept_lines).ok()?)?;
    }
    let methods = methods.iter().map(|method| method.rsplit(|b| *b == b'=').next().unwrap_or(b""));
    count(methods, &mut texts[FAILED_METHODS], &mut numbers[FAILED_METHOD_COUNTS])?;
    count(column(AT_HOST)?.into_iter(), &mut texts[FAILED_HOSTS], &mut numbers[FAILED_HOST_COUNTS])?;
    i64::try_from(dynos.len()).ok()
}

/// The code that stands in what the pattern takes as the method; empty where there is none.
fn code(method: &[u8]) -> &[u8] {
    match method.strip_prefix(FAILED) {
        Some(rest) => &rest[..CODE.min(rest.len())],
        None => b"",
    }
}
