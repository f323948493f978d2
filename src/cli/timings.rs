//! What `build --timings` says.

use std::cmp::Reverse;
use std::time::Duration;

use serde_json::{Value, json};

use super::output::{count, size};
use crate::diagnostic::visible;
use crate::run::{CustomerTime, Timings};

/// How many customers people see.
const SLOWEST: usize = 10;

/// For people.
pub fn table(timings: &Timings) -> String {
    let Timings { threads, total, steps, phases, vendors, .. } = timings;
    let customers = slowest(timings);
    let mut text = format!("{:>10}  {} on {}\n", "Timings", milliseconds(*total), count(*threads as u64, "thread"));
    let mut title = |words: &str, rows: Vec<(&str, Duration, String)>| {
        text.push_str(&format!("            {words}\n"));
        for (name, spent, more) in rows {
            text.push_str(format!("              {:<24} {:>12}   {more}", visible(name), milliseconds(spent)).trim_end());
            text.push('\n');
        }
    };
    let share = |spent: Duration, of: Duration| format!("{:>3.0} %", 100.0 * spent.as_secs_f64() / of.as_secs_f64().max(f64::MIN_POSITIVE));
    title("one after the other", steps.iter().map(|(name, spent)| (*name, *spent, share(*spent, *total))).collect());
    let all: Duration = phases.iter().map(|(_, spent)| spent).sum();
    title("customers, summed over threads", phases.iter().map(|(name, spent)| (*name, *spent, share(*spent, all))).collect());
    let of = |customer: &CustomerTime| {
        format!("{}{}", count(customer.devices as u64, "device"), if customer.kept { ", as the last build left them" } else { "" })
    };
    title(
        &format!("the slowest of {}", count(customers.len() as u64, "customer")),
        customers.iter().take(SLOWEST).map(|(name, customer)| (*name, customer.spent, of(customer))).collect(),
    );
    text.push_str("            vendors\n");
    for (name, made) in vendors {
        let devices = format!("{}, {} rendered", count(made.devices, "device"), made.rendered);
        text.push_str(&format!(
            "              {:<24} {:>12}   {devices}, {}\n",
            visible(name),
            size(made.bytes),
            count(made.files, "file")
        ));
    }
    text
}

/// For programs.
pub fn json(timings: &Timings) -> Value {
    let list = |rows: &[(&str, Duration)]| rows.iter().map(|(name, spent)| json!({ "name": name, "us": us(*spent) })).collect::<Value>();
    let customer = |(name, customer): (&str, &CustomerTime)| json!({ "name": name, "us": us(customer.spent), "devices": customer.devices, "kept": customer.kept });
    json!({
        "threads": timings.threads,
        "us": us(timings.total),
        "steps": list(&timings.steps),
        "phases": list(&timings.phases),
        "customers": slowest(timings).into_iter().map(customer).collect::<Value>(),
        "vendors": timings.vendors.iter().map(|(id, made)| json!({ "id": id, "devices": made.devices, "rendered": made.rendered, "files": made.files, "bytes": made.bytes })).collect::<Value>(),
    })
}

/// The customers, those that took longest first.
fn slowest(timings: &Timings) -> Vec<(&str, &CustomerTime)> {
    let mut customers: Vec<_> = timings.customers.iter().map(|(name, customer)| (name.as_str(), customer)).collect();
    customers.sort_by_key(|(name, customer)| (Reverse(customer.spent), *name));
    customers
}

fn milliseconds(spent: Duration) -> String {
    format!("{:.1} ms", spent.as_secs_f64() * 1000.0)
}

fn us(spent: Duration) -> u64 {
    spent.as_micros() as u64
}
