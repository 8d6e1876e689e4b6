//! The demonstration company's logs: four months of twelve people in three departments, as three systems export them.
//!
//! Everybody here is made up. The same files come out on every machine, because the chance in them starts from a fixed
//! seed. Each system has quirks that real exports have: a byte order mark, a header that stands twice, identical rows,
//! times without an offset, a robot that closes tickets, another delimiter, amounts taken back.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub struct Person {
    pub id: &'static str,
    pub name: &'static str,
    pub department: &'static str,
    /// How much longer than usual this person takes for a ticket, in March and in June.
    slowness: [f64; 2],
}

impl Person {
    /// The name in the help desk.
    fn login(&self) -> String {
        self.id.replace('-', ".")
    }

    /// The name in the project tool.
    fn address(&self) -> String {
        format!("{}@example.com", self.login())
    }
}

pub struct Department {
    pub id: &'static str,
    pub name: &'static str,
    pub manager: &'static str,
}

pub const DEPARTMENTS: [Department; 3] = [
    Department { id: "service", name: "客服部", manager: "chen-xiaowen" },
    Department { id: "engineering", name: "技术支持部", manager: "wang-zhiqiang" },
    Department { id: "sales", name: "销售部", manager: "sun-hao" },
];

pub const PEOPLE: [Person; 12] = [
    person("chen-xiaowen", "陈晓雯", "service", [1.0, 1.0]),
    person("liu-yang", "刘洋", "service", [1.2, 1.1]),
    person("zhao-min", "赵敏", "service", [1.0, 0.9]),
    person("huang-siqi", "黄思琪", "service", [1.1, 1.1]),
    person("wang-zhiqiang", "王志强", "engineering", [0.8, 0.8]),
    person("li-na", "李娜", "engineering", [1.5, 0.7]),
    person("zhang-wei", "张伟", "engineering", [1.0, 1.0]),
    person("zhou-wenbo", "周文博", "engineering", [0.9, 1.4]),
    person("wu-qian", "吴倩", "engineering", [1.1, 1.0]),
    person("sun-hao", "孙浩", "sales", [1.0, 1.0]),
    person("lin-fang", "林芳", "sales", [1.0, 1.0]),
    person("guo-zixuan", "郭子轩", "sales", [1.0, 1.0]),
];

/// What the files hold, in rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Rows {
    pub tickets: usize,
    pub ticket_events: usize,
    pub tasks: usize,
    pub orders: usize,
}

/// 2026-03-02, a Monday, as days since 1970-01-01.
const FIRST_DAY: i64 = 20_514;
/// The day after 2026-06-30.
const END_DAY: i64 = 20_635;
/// Qingming, Labour Day and the Dragon Boat Festival of 2026, as days since the first one.
const HOLIDAYS: [i64; 7] = [35, 60, 61, 62, 63, 64, 109];
const MINUTES_OF_WORK: i64 = 450;
const TICKETS_BY_WEEKDAY: [u64; 5] = [10, 8, 7, 6, 5];
const CLOSED_AFTER_DAYS: i64 = 15;

const fn person(id: &'static str, name: &'static str, department: &'static str, slowness: [f64; 2]) -> Person {
    Person { id, name, department, slowness }
}

/// Writes `people.csv`, `moves.csv`, `tickets.csv`, `tasks.csv` and `orders.csv`.
pub fn write(folder: &Path) -> Result<Rows, String> {
    let mut chance = Chance(0x00da_7b2e_a400_2026);
    let calendar = Calendar::new();
    let (tickets, ticket_count, ticket_rows) = tickets(&calendar, &mut chance);
    let (tasks, task_count) = tasks(&calendar, &mut chance);
    let (orders, order_count) = orders(&calendar, &mut chance);
    let files = [
        ("people.csv", people()),
        ("moves.csv", MOVES.to_owned()),
        ("tickets.csv", tickets),
        ("tasks.csv", tasks),
        ("orders.csv", orders),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{} could not be written: {error}", path.display()))?;
    }
    Ok(Rows { tickets: ticket_count, ticket_events: ticket_rows, tasks: task_count, orders: order_count })
}

fn people() -> String {
    let mut text = String::from("id,name,department,manager,from,identities\n");
    for person in &PEOPLE {
        let department = DEPARTMENTS.iter().find(|department| department.id == person.department);
        let manager = department.map_or("", |department| department.manager);
        let manager = if manager == person.id { "" } else { manager };
        let _ = writeln!(
            text,
            "{},{},{},{manager},2026-01-01,helpdesk:{}; projects:{}; shop:{}",
            person.id,
            person.name,
            person.department,
            person.login(),
            person.address(),
            person.id
        );
    }
    text
}

/// Somebody moves in the middle: what was done before still counts for the department of that day.
const MOVES: &str = "id,name,department,manager,from\nzhou-wenbo,周文博,service,chen-xiaowen,2026-05-06\n";

/// The help desk's export: made on Windows, so with a byte order mark and two signs at the end of a line; one header
/// stands twice; some rows stand twice; a ticket is closed by a robot long after somebody resolved it.
fn tickets(calendar: &Calendar, chance: &mut Chance) -> (String, usize, usize) {
    let mut text = String::from("\u{feff}工单号,环节,处理人,时间,状态,产品,客户,紧急程度,状态\r\n");
    let (mut count, mut rows) = (0, 0);
    for (index, day) in calendar.days.iter().enumerate() {
        let weekday = usize::try_from((day - FIRST_DAY) % 7).unwrap_or_default();
        let expected = TICKETS_BY_WEEKDAY.get(weekday).copied().unwrap_or(4);
        for _ in 0..chance.between(expected - 2, expected + 2) {
            count += 1;
            let urgent = chance.happens(0.2);
            let product = chance.of(&["云盘", "网关", "报表", "移动端"]);
            let customer = format!("客户{:02}", chance.between(1, 40));
            let start = Moment::of_work(index, chance.between(0, 449));
            for (activity, who, moment) in ticket_events(calendar, chance, start, urgent) {
                if moment.day >= END_DAY {
                    continue;
                }
                let state = if matches!(activity, "解决" | "关闭") { "已完成" } else { "处理中" };
                let urgency = if urgent { "紧急" } else { "普通" };
                let times = if chance.happens(0.01) { 2 } else { 1 };
                for _ in 0..times {
                    rows += 1;
                    let _ = write!(
                        text,
                        "T-2026-{count:04},{activity},{who},{},{state},{product},{customer},{urgency},{state}\r\n",
                        moment.written("/")
                    );
                }
            }
        }
    }
    (text, count, rows)
}

/// One ticket's events in their order. Work goes on in working time only; the robot knows no weekend.
fn ticket_events(
    calendar: &Calendar,
    chance: &mut Chance,
    start: WorkMinutes,
    urgent: bool,
) -> Vec<(&'static str, String, Moment)> {
    let service = chance.person_of("service");
    let mut engineer = chance.person_of("engineering");
    let mut now = start;
    let mut events = vec![("登记", service.login(), calendar.moment(now))];
    now += chance.between(2, 30);
    events.push(("分派", service.login(), calendar.moment(now)));
    now += chance.between(5, if urgent { 30 } else { 240 });
    events.push(("受理", engineer.login(), calendar.moment(now)));
    if chance.happens(0.15) {
        now += chance.between(30, 300);
        engineer = chance.person_of("engineering");
        events.push(("转派", engineer.login(), calendar.moment(now)));
    }
    if chance.happens(0.25) {
        now += chance.between(20, 120);
        events.push(("等待客户", engineer.login(), calendar.moment(now)));
        now += chance.between(60, 900);
    }
    loop {
        let share = calendar.share_passed(now);
        let slowness = engineer.slowness[0] * (1.0 - share) + engineer.slowness[1] * share;
        now += chance.waiting_time(if urgent { 150.0 } else { 480.0 } * slowness);
        events.push(("解决", engineer.login(), calendar.moment(now)));
        if !chance.happens(0.07) {
            break;
        }
        now += chance.between(60, 1_200);
        events.push(("重开", service.login(), calendar.moment(now)));
    }
    let mut closed = calendar.moment(now);
    closed.day += CLOSED_AFTER_DAYS;
    events.push(("关闭", "robot".to_owned(), closed));
    events
}

/// The project tool's export: semicolons, times with an offset, titles in quotation marks.
fn tasks(calendar: &Calendar, chance: &mut Chance) -> (String, usize) {
    let mut text = String::from("task;title;owner;asked by;done at\n");
    let mut count = 0;
    for index in 0..calendar.days.len() {
        for _ in 0..chance.between(1, 5) {
            count += 1;
            let owner = &PEOPLE[chance.below(PEOPLE.len())];
            let asked_by = if chance.happens(0.35) { chance.of(&DEPARTMENTS).id } else { owner.department };
            let title = chance.of(&[
                "客户回访; 记录要点",
                "更新\"\"常见问题\"\"",
                "编写培训材料",
                "整理竞品信息",
                "排查网关告警",
            ]);
            let moment = calendar.moment(Moment::of_work(index, chance.between(0, 449)));
            let _ = writeln!(
                text,
                "P{count:03};\"{title}\";{};{asked_by};{}+08:00",
                owner.address(),
                moment.written("-").replace(' ', "T")
            );
        }
    }
    (text, count)
}

/// The shop's export: minutes without seconds; what a customer sends back stands as an order of its own.
fn orders(calendar: &Calendar, chance: &mut Chance) -> (String, usize) {
    let mut text = String::from("订单号,类型,销售,客户,下单时间,金额\n");
    let mut count = 0;
    for index in 0..calendar.days.len() {
        for _ in 0..chance.between(1, 4) {
            count += 1;
            let seller = chance.person_of("sales");
            let customer = chance.between(1, 40);
            let kind = if chance.happens(0.06) { "return" } else { "order" };
            let yuan = chance.between(800, 60_000);
            let moment = calendar.moment(Moment::of_work(index, chance.between(0, 449)));
            let written = moment.written("-");
            let minutes = written.rsplit_once(':').map_or(written.as_str(), |(minutes, _)| minutes);
            let _ = writeln!(
                text,
                "S{count:04},{kind},{},客户{customer:02},{minutes},{yuan}.{:02}",
                seller.id,
                chance.below(100)
            );
        }
    }
    (text, count)
}

/// Working time: minutes of work since the first day began.
type WorkMinutes = i64;

/// A second of the calendar, in the company's own time.
#[derive(Clone, Copy)]
struct Moment {
    /// Days since 1970-01-01.
    day: i64,
    second_of_day: i64,
}

impl Moment {
    fn of_work(day_index: usize, minute: i64) -> WorkMinutes {
        i64::try_from(day_index).unwrap_or_default() * MINUTES_OF_WORK + minute
    }

    fn written(self, separator: &str) -> String {
        let (year, month, day) = civil(self.day);
        let (hour, minute, second) =
            (self.second_of_day / 3_600, self.second_of_day / 60 % 60, self.second_of_day % 60);
        format!("{year}{separator}{month:02}{separator}{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// The days on which the company works.
struct Calendar {
    days: Vec<i64>,
}

impl Calendar {
    fn new() -> Self {
        let is_worked = |day: &i64| (day - FIRST_DAY) % 7 < 5 && !HOLIDAYS.contains(&(day - FIRST_DAY));
        Self { days: (FIRST_DAY..END_DAY).filter(is_worked).collect() }
    }

    /// From nine to twelve and from half past one to six.
    fn moment(&self, work: WorkMinutes) -> Moment {
        let index = work / MINUTES_OF_WORK;
        let minute = work % MINUTES_OF_WORK;
        let after = |days: i64| self.days.last().copied().unwrap_or(END_DAY) + days;
        let day = usize::try_from(index).ok().and_then(|index| self.days.get(index).copied());
        let count = i64::try_from(self.days.len()).unwrap_or(i64::MAX);
        let day = day.unwrap_or_else(|| after(index - count + 1));
        let clock = if minute < 180 { 540 + minute } else { 810 + minute - 180 };
        // Seconds that are neither all zero nor equal for equal minutes.
        Moment { day, second_of_day: clock * 60 + (work * 37 + 11) % 60 }
    }

    /// How much of the four months has passed: 0 to 1.
    fn share_passed(&self, work: WorkMinutes) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few ten thousand minutes")]
        let share = work as f64 / (MINUTES_OF_WORK * i64::try_from(self.days.len()).unwrap_or(1)) as f64;
        share.clamp(0.0, 1.0)
    }
}

/// Year, month and day of a day since 1970-01-01. Source: H. Hinnant, "chrono-compatible low-level date algorithms",
/// `civil_from_days`, for days after 1970.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let month_of_year = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month_of_year <= 2);
    (year, month_of_year, day_of_year - (153 * month + 2) / 5 + 1)
}

/// Chance that is the same everywhere: `SplitMix64` (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    /// Both ends included.
    fn between(&mut self, least: u64, most: u64) -> i64 {
        i64::try_from(least + self.next() % (most - least + 1)).unwrap_or_default()
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    fn happens(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    fn fraction(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let fraction = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        fraction
    }

    /// Minutes, mostly fewer than the mean and now and then up to nine times as many. A quotient instead of the usual
    /// logarithm, because a logarithm differs in its last bit from machine to machine.
    fn waiting_time(&mut self, mean: f64) -> i64 {
        let fraction = self.fraction();
        // The mean of f / (1.05 - f) over the unit interval is 1.05 ln 21 - 1, close to 2.2.
        let minutes = (mean / 2.2 * fraction / (1.05 - fraction)).max(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "at most a few thousand")]
        let minutes = minutes as i64;
        minutes
    }

    fn person_of(&mut self, department: &str) -> &'static Person {
        let people: Vec<_> = PEOPLE.iter().filter(|person| person.department == department).collect();
        people[self.below(people.len())]
    }
}
