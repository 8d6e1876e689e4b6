//! What comes in as an Excel workbook is what would come in as CSV, and what goes out as one can come in again.

use std::fmt::Write as _;
use std::io::{Cursor, Read};

use calamine::{Data, DataType, Reader, Xlsx};
use daybreak_tests::company::TestCompany;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;

use crate::sqlite::tickets::{LOG, MAPPING, NOW, company as ticket_company};

/// 2026-06-01 in days since the end of 1899.
const FIRST_OF_JUNE: f64 = 46_174.0;

fn write(company: &TestCompany, name: &str, bytes: &[u8]) -> String {
    let path = company.folder().join(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    path.to_str().expect("paths are UTF-8").to_owned()
}

/// The ticket log as a workbook, with times as Excel's own and the data on the second sheet.
fn log_as_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap().write_string(0, 0, "about this log").unwrap();
    let sheet = book.add_worksheet().set_name("Log").unwrap();
    let format = Format::new().set_num_format("yyyy/m/d h:mm");
    for (row, line) in (0..).zip(LOG.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            let Some(rest) = cell.strip_prefix("2026-") else {
                sheet.write_string(row, column, cell).unwrap();
                continue;
            };
            // "06-01 09:00": 151 days of the year come before June, and 46022 is 31 December 2025.
            let number = |range: std::ops::Range<usize>| rest[range].parse::<f64>().unwrap();
            let month = match &rest[..2] {
                "05" => 120.0,
                "06" => 151.0,
                _ => 181.0,
            };
            let serial = 46_022.0 + month + number(3..5) + (number(6..8) + number(9..11) / 60.0) / 24.0;
            sheet.write_number_with_format(row, column, serial, &format).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn cells(file: &[u8], sheet: &str) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(Cursor::new(file)).unwrap();
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_workbook_with_the_rows_of_a_csv_file_changes_nothing() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let mapping = company.file("mapping.toml", MAPPING);
    let log = company.file("log.csv", LOG);
    // The name says nothing: the content is what counts.
    let book = write(&company, "log.csv.bak", &log_as_workbook());
    company.ok(&["import", "--mapping", &mapping, &log]);
    let before = company.facts();
    let said = company.ok(&["import", "--mapping", &mapping, "--sheet", "Log", &book]);
    assert!(said.contains("11 rows: 0 new facts, 0 revised, 11 known already, 0 bad"), "{said}");
    assert_eq!(company.facts(), before);
    let refused = company.refused(&["import", "--mapping", &mapping, &book]);
    assert!(refused.contains("no column \"ticket\"") && refused.contains("about this log"), "{refused}");
    let refused = company.refused(&["import", "--mapping", &mapping, "--sheet", "Logs", &book]);
    assert!(refused.contains("did you mean \"Log\"") && refused.contains("\"Notes\", \"Log\""), "{refused}");
}

#[test]
fn three_bad_rows_of_a_thousand_are_three_lines_in_either_format() {
    let row = |number: u32| match number {
        100 => ("T100".to_owned(), "yesterday".to_owned(), "1".to_owned()),
        500 => (String::new(), "2026-06-01 09:00".to_owned(), "1".to_owned()),
        1_000 => ("T1000".to_owned(), "2026-06-01 09:00".to_owned(), "some".to_owned()),
        _ => (format!("T{number}"), "2026-06-01 09:00".to_owned(), "1".to_owned()),
    };
    let mut text = "ticket,at,amount\n".to_owned();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["ticket", "at", "amount"]).unwrap();
    for number in 1..=1_000 {
        let (ticket, at, amount) = row(number);
        writeln!(text, "{ticket},{at},{amount}").unwrap();
        sheet.write_row(number, 0, [ticket, at, amount]).unwrap();
    }
    let mapping = "source = \"s\"\nkind = \"k\"\nexternal_id = \"{ticket}\"\ncapture = \"automatic\"\n\
                   value = \"{amount}\"\n[time]\ntext = \"{at}\"\nzone = \"Asia/Shanghai\"\n";
    for file in [text.into_bytes(), book.save_to_buffer().unwrap()] {
        let company = TestCompany::new("Asia/Shanghai", NOW);
        let mapping = company.file("mapping.toml", mapping);
        let file = write(&company, "rows", &file);
        let errors = company.refused(&["import", "--mapping", &mapping, &file]);
        let named: Vec<_> = errors.lines().filter(|line| line.starts_with("line ")).collect();
        assert_eq!(named.len(), 3, "{errors}");
        assert!(named[0].starts_with("line 101 (row 100), column at:"), "{errors}");
        assert!(named[1].starts_with("line 501 (row 500), column ticket:"), "{errors}");
        assert!(named[2].starts_with("line 1001 (row 1000), column amount:"), "{errors}");
        assert!(errors.contains("3 of 1000 rows cannot be imported, so none was"), "{errors}");
        assert!(company.facts().is_empty());
        let said = company.run(&["import", "--mapping", &mapping, "--skip-bad-rows", &file]);
        assert!(said.succeeded, "{}", said.errors);
        assert!(said.output.contains("1000 rows: 997 new facts, 0 revised, 0 known already, 3 bad"), "{}", said.output);
        assert_eq!(said.errors.lines().filter(|line| line.starts_with("skipped line ")).count(), 3, "{}", said.errors);
        assert_eq!(company.facts().len(), 997);
    }
}

#[test]
fn exported_facts_come_in_again_as_they_were() {
    let first = TestCompany::new("America/New_York", NOW);
    // Texts that a spreadsheet would take for something else, a time with milliseconds, the day when clocks go forward,
    // a day that Excel cannot count, numbers in full.
    let rows = "id,at,document,customer,amount\n\
                =1+1,2026-06-01T09:00:00.123Z,007,+86 10,0.1\n\
                1e5,2026-03-08T06:59:59Z,-5,@home,-12.5\n\
                2026-06-01,1900-01-15T12:00:00Z,TRUE,#N/A,1e300\n\
                王芳,2199-12-31T23:59:59Z,a_x0041_b,\"=HYPERLINK(\"\"x\"\")\",123456789012345680\n";
    let mapping = |time: &str, amount: &str| {
        format!(
            "source = \"s\"\nkind = \"k\"\nexternal_id = \"{{{}}}\"\ncapture = \"automatic\"\ndocument = \"{{document}}\"\n\
             customer = \"{{customer}}\"\nvalue = \"{{{amount}}}\"\n[time]\ntext = \"{{{time}}}\"\n\
             zone = \"America/New_York\"\n",
            if time == "at" { "id" } else { "external_id" }
        )
    };
    let rows = first.file("rows.csv", rows);
    let in_rows = first.file("rows.toml", &mapping("at", "amount"));
    first.ok(&["import", "--mapping", &in_rows, &rows]);
    let exported = first.folder().join("facts.xlsx");
    let path = exported.to_str().unwrap();
    first.ok(&["export", "facts", "--format", "xlsx", "--output", path]);
    let second = TestCompany::new("Asia/Shanghai", NOW);
    let in_export = second.file("export.toml", &mapping("occurred_at", "value"));
    let said = second.ok(&["import", "--mapping", &in_export, path]);
    assert!(said.contains("4 rows: 4 new facts"), "{said}");
    // Recorded when they were heard of, which is the same moment here.
    assert_eq!(second.facts(), first.facts());
    let again = first.ok(&["import", "--mapping", &in_export, path]);
    assert!(again.contains("0 new facts, 0 revised, 4 known already"), "{again}");
    assert!(first.refused(&["export", "facts", "--format", "xlsx"]).contains("--output"));
}

#[test]
fn an_exported_workbook_holds_numbers_dates_and_texts_as_such() {
    let company = ticket_company();
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "8"]);
    company.ok(&["score", "--period", "2026-06"]);
    let exported = company.folder().join("scores.xlsx");
    company.ok(&["export", "scores", "--format", "xlsx", "--output", exported.to_str().unwrap()]);
    let file = std::fs::read(&exported).unwrap();
    let rows = cells(&file, "scores");
    let of = company.scores(false);
    assert_eq!(rows.len(), of.len() + 1);
    let column = |name: &str| rows[0].iter().position(|cell| *cell == Data::String(name.to_owned())).unwrap();
    for (row, score) in rows[1..].iter().zip(&of) {
        assert_eq!(row[column("score")].get_float(), score["score"].as_f64());
        assert_eq!(row[column("points")].get_float(), score["points"].as_f64());
        assert_eq!(row[column("raw")].get_float(), score["raw"].as_f64());
        assert_eq!(row[column("subject")].get_string(), score["subject"].as_str());
        assert_eq!(row[column("period")].get_string(), Some("2026-06"));
        // As of the midnight that ends 1 July, the day of assessment, in Shanghai: 31 days after the first of June.
        assert_eq!(score["as_of"], Value::from("2026-07-01T16:00:00Z"));
        let as_of = row[column("as_of")].get_datetime().expect("a date");
        assert_eq!(as_of.as_f64(), FIRST_OF_JUNE + 31.0);
        // Computed at 09:00 in Shanghai.
        assert_eq!(row[column("computed_at")].get_datetime().unwrap().as_f64(), FIRST_OF_JUNE + 30.375);
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(&file)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "the header stays in sight");
    assert!(part("xl/styles.xml").contains("<b/>"), "the header is bold");
    // The document was made when the host's clock says, not when the machine's does.
    assert!(part("docProps/core.xml").contains("2026-07-01T01:00:00Z"));
}

#[test]
fn no_exported_text_becomes_a_formula() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let mapping = "source = \"s\"\nkind = \"k\"\nexternal_id = \"{id}\"\ncapture = \"typed\"\nvalue = \"{amount}\"\n\
                   document = \"{id}\"\n[time]\ntext = \"{at}\"\nzone = \"Asia/Shanghai\"\n";
    let ids = ["=1+1", "+1+1", "-1-1", "@SUM(1)", "＝1+1", "-12.5", "+3", "-", "plain"];
    let rows: Vec<String> = ids.iter().map(|id| format!("{id},2026-06-01 09:00,-4\n")).collect();
    let rows = rows.concat();
    let mapping = company.file("mapping.toml", mapping);
    let rows = company.file("rows.csv", &format!("id,at,amount\n{rows}"));
    company.ok(&["import", "--mapping", &mapping, &rows]);
    let text = company.ok(&["export", "facts", "--format", "csv"]);
    let exported: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    // Column 3 is the external id and column 11 the value; an ordinary number needs no shield.
    let shown: Vec<_> = exported.iter().map(|row| row[2]).collect();
    assert_eq!(shown, ["'=1+1", "'+1+1", "'-1-1", "'@SUM(1)", "'＝1+1", "-12.5", "+3", "'-", "plain"]);
    assert!(exported.iter().all(|row| row[10].parse() == Ok(-4.0)), "{text}");
    let file = company.folder().join("facts.xlsx");
    company.ok(&["export", "facts", "--format", "xlsx", "--output", file.to_str().unwrap()]);
    let file = std::fs::read(file).unwrap();
    let shown: Vec<_> = cells(&file, "facts")[1..].iter().map(|row| row[2].get_string().unwrap().to_owned()).collect();
    assert_eq!(shown, ids);
    let formulas = Xlsx::new(Cursor::new(&file)).unwrap().worksheet_formula("facts").unwrap();
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
}

#[test]
fn a_list_of_people_may_be_a_workbook_and_every_mistake_in_it_is_named() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "service", "--name", "售后"]);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["id", "name", "department", "from", "identities"]).unwrap();
    sheet.write_row(1, 0, ["chen", "陈", "service"]).unwrap();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_number_with_format(1, 3, FIRST_OF_JUNE, &day).unwrap();
    sheet.write_string(1, 4, "helpdesk:chen").unwrap();
    let good = write(&company, "people.xlsx", &book.save_to_buffer().unwrap());
    let said = company.ok(&["people", "import", &good]);
    assert!(said.contains("1 people read, 1 of them new"), "{said}");
    assert!(company.ok(&["people", "list"]).contains("service"));
    let bad = company.file("people.csv", "id,name,from\nzhao,赵,2026-06-01\nLi Na,李娜,June\n,孙,\n");
    let errors = company.refused(&["people", "import", &bad]);
    for line in ["line 3 (row 2), column from", "line 4 (row 3), column id", "2 of 3 entries cannot be taken"] {
        assert!(errors.contains(line), "{line}: {errors}");
    }
    assert!(!company.ok(&["people", "list"]).contains("zhao"), "all of them or nobody");
}

#[test]
fn a_list_of_people_as_a_workbook_says_what_the_same_list_says_as_text() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "service", "--name", "售后"]);
    let list = "id,name,department,from\nli,李雷,service,2026-06-01\nhan,韩梅,,2026-05-01\n";
    company.ok(&["people", "import", &company.file("people.csv", list)]);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("yyyy/m/d");
    sheet.write_row(0, 0, ["id", "name", "department", "from"]).unwrap();
    sheet.write_row(1, 0, ["li", "李雷", "service"]).unwrap();
    sheet.write_number_with_format(1, 3, FIRST_OF_JUNE, &day).unwrap();
    sheet.write_row(2, 0, ["han", "韩梅", "", "2026-05-01"]).unwrap();
    let file = write(&company, "people.xlsx", &book.save_to_buffer().unwrap());
    let said = company.ok(&["people", "import", &file]);
    assert!(said.contains("2 people read, 0 of them new, 0 spells appended"), "{said}");
}
