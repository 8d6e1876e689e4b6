//! The files that the company's systems export: one folder with what the newest scores need, one with what was before.
//!
//! Rows are written as they are made, so however long the history is, little of it is held in memory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::calendar::{Day, Minute};

/// One export. Its name is that of the mapping in the pack which reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sheet {
    pub name: &'static str,
    /// Beside `id`, `at` and `recorded`, which every export has.
    pub columns: &'static str,
}

pub const VISITS: Sheet = Sheet { name: "visits", columns: "who,document,customer,purpose,title,product" };
const ANSWERS: &str =
    "who,document,customer,product,title,question_depth,competitor,visit_goal,key_demand,support_needed";
pub const TOUCHPOINTS_AUTOMATIC: Sheet = Sheet { name: "touchpoints-automatic", columns: ANSWERS };
pub const TOUCHPOINTS_PREFILLED: Sheet = Sheet { name: "touchpoints-prefilled", columns: ANSWERS };
pub const TOUCHPOINTS_TYPED: Sheet = Sheet { name: "touchpoints-typed", columns: ANSWERS };
pub const ORDERS: Sheet = Sheet { name: "orders", columns: "who,document,customer,amount,type,product,batch,quantity" };
pub const PAYMENTS: Sheet = Sheet { name: "payments", columns: "who,document,customer,amount,order" };
pub const STOCK: Sheet =
    Sheet { name: "stock", columns: "who,document,customer,movement,product,batch,result,on_time" };
pub const CHECKS: Sheet = Sheet { name: "checks", columns: "who,document,activity,product,batch,result" };
pub const TICKETS: Sheet = Sheet { name: "tickets", columns: "kind,who,document,customer,activity,category,score" };
pub const SURGERIES: Sheet = Sheet { name: "surgeries", columns: "who,document,customer,product,minutes_late,on_time" };
pub const TRAININGS: Sheet = Sheet { name: "trainings", columns: "who,document,customer,product,is_new,participants" };
pub const APPROVALS: Sheet = Sheet { name: "approvals", columns: "who,document,activity,subject" };
pub const DEBTS: Sheet = Sheet { name: "debts", columns: "who,document,points,component" };
pub const TASKS: Sheet = Sheet {
    name: "tasks",
    columns: "kind,who,document,customer,weight,role,task_kind,business_document,counts_in,late",
};
pub const FEEDBACK: Sheet = Sheet { name: "feedback", columns: "kind,who,document,dimension,trigger,from,to,note" };

/// All of them, in the order in which they are best imported.
pub const SHEETS: [Sheet; 15] = [
    ORDERS,
    VISITS,
    TOUCHPOINTS_AUTOMATIC,
    TOUCHPOINTS_PREFILLED,
    TOUCHPOINTS_TYPED,
    PAYMENTS,
    STOCK,
    CHECKS,
    TICKETS,
    SURGERIES,
    TRAININGS,
    APPROVALS,
    DEBTS,
    TASKS,
    FEEDBACK,
];

/// Folders below the one that is written to.
pub const RECENT: &str = "recent";
pub const HISTORY: &str = "history";
pub const CORRECTIONS: &str = "corrections";

pub struct Sheets {
    folder: PathBuf,
    /// Earlier days were before the history, and later minutes have not come yet.
    first: Day,
    recent_from: Day,
    now: Minute,
    open: BTreeMap<(&'static str, &'static str), BufWriter<File>>,
    pub rows: BTreeMap<&'static str, u64>,
}

/// A row that happened and was entered at these minutes.
pub struct Row<'a> {
    pub id: &'a str,
    pub at: Minute,
    pub recorded: Minute,
    pub cells: &'a [&'a str],
}

impl Sheets {
    pub fn new(folder: &Path, first: Day, recent_from: Day, now: Minute) -> Self {
        let (open, rows) = (BTreeMap::new(), BTreeMap::new());
        Self { folder: folder.to_owned(), first, recent_from, now, open, rows }
    }

    /// Writes the row, unless nobody can know of it yet or it was before the history. Says whether it did.
    pub fn write(&mut self, sheet: Sheet, row: &Row<'_>) -> io::Result<bool> {
        if row.at.day() < self.first || row.at > self.now || row.recorded > self.now {
            return Ok(false);
        }
        let part = if row.at.day() < self.recent_from { HISTORY } else { RECENT };
        self.write_into(part, sheet, row)?;
        *self.rows.entry(sheet.name).or_default() += 1;
        Ok(true)
    }

    /// Writes another content of a row that was written before.
    pub fn correct(&mut self, sheet: Sheet, row: &Row<'_>) -> io::Result<()> {
        self.write_into(CORRECTIONS, sheet, row)?;
        *self.rows.entry(CORRECTIONS).or_default() += 1;
        Ok(())
    }

    fn write_into(&mut self, part: &'static str, sheet: Sheet, row: &Row<'_>) -> io::Result<()> {
        let file = match self.open.entry((part, sheet.name)) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                let folder = self.folder.join(part);
                fs::create_dir_all(&folder)?;
                let mut file = BufWriter::new(File::create(folder.join(format!("{}.csv", sheet.name)))?);
                writeln!(file, "id,at,recorded,{}", sheet.columns)?;
                new.insert(file)
            }
        };
        write!(file, "{},{},{}", row.id, row.at, row.recorded)?;
        row.cells.iter().try_for_each(|cell| write!(file, ",{cell}"))?;
        writeln!(file)
    }

    pub fn finish(mut self) -> io::Result<BTreeMap<&'static str, u64>> {
        self.open.values_mut().try_for_each(Write::flush)?;
        Ok(self.rows)
    }
}
