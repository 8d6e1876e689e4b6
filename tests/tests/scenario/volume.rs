//! Large files: importing one again changes nothing, and a few bad rows are found among many.

use std::fmt::Write;

const NOW: &str = "2026-07-01T01:00:00Z";

const MAPPING: &str = r#"
source = "erp"
kind = "order"
external_id = "{number}/{occurrence}"
capture = "automatic"
who = "{rep}"
unknown_people = "create"
customer = "{customer}"
value = "{amount}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
product = "{product}"
"#;

/// Orders of the half-year; every twentieth row stands there twice, as files have it.
fn orders(rows: usize) -> String {
    let mut text = "number,rep,customer,amount,at,product\n".to_owned();
    for row in 0..rows {
        let number = row - row % 20 / 19;
        let (month, day, minute) = (number % 6 + 1, number % 28 + 1, number % 60);
        let (rep, customer, cents, product) = (number % 97, number % 1_013, number % 100, number % 31);
        writeln!(
            text,
            "{number},rep{rep},c{customer},{number}.{cents:02},2026-{month:02}-{day:02} 10:{minute:02},p{product}"
        )
        .expect("a text takes what is written");
    }
    text
}

#[test]
fn a_hundred_thousand_rows_imported_twice_change_nothing_the_second_time() {
    let company = super::company("Asia/Shanghai", NOW);
    let (mapping, file) = (company.file("orders.toml", MAPPING), company.file("orders.csv", &orders(100_000)));
    let said = company.ok(&["import", "--mapping", &mapping, &file]);
    assert!(said.contains("100000 new"), "{said}");
    let everything = || {
        ["fact", "mark", "person", "spell"]
            .map(|table| company.number(&format!("SELECT COUNT(*) FROM {table}")))
            .into_iter()
            .chain([company.number("SELECT sequence FROM company")])
            .collect::<Vec<_>>()
    };
    let before = everything();
    assert_eq!(before[0], 100_000);
    let said = company.ok(&["import", "--mapping", &mapping, &file]);
    assert!(said.contains("0 new") && said.contains("100000 known"), "{said}");
    assert_eq!(everything(), before);
}

#[test]
fn three_bad_rows_among_a_thousand_are_named_and_the_others_land_if_that_was_said() {
    let company = super::company("Asia/Shanghai", NOW);
    let mapping = company.file("orders.toml", MAPPING);
    let mut lines: Vec<String> = orders(1_000).lines().map(str::to_owned).collect();
    // The header is line 1, so row n stands in line n + 1.
    lines[10] = lines[10].replace("2026-", "2026/");
    lines[500] = lines[500].replace('.', ".x");
    lines[1_000] = "only one cell".to_owned();
    let file = company.file("orders.csv", &lines.join("\n"));
    let errors = company.refused(&["import", "--mapping", &mapping, &file]);
    assert!(errors.contains("3 of 1000 rows"), "{errors}");
    for line in ["line 11", "line 501", "line 1001"] {
        assert!(errors.contains(line), "{line} is not named in {errors}");
    }
    assert_eq!(company.number("SELECT COUNT(*) FROM fact"), 0);
    let said = company.run(&["import", "--mapping", &mapping, "--skip-bad-rows", &file]);
    assert!(said.output.contains("997 new"), "{}{}", said.output, said.errors);
    assert_eq!(company.number("SELECT COUNT(*) FROM fact"), 997);
}
