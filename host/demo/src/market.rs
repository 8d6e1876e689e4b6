//! What the company sells and to whom: products with their batches, hospitals with their contacts.

use crate::calendar::Day;
use crate::names::{self, Names};
use crate::organisation::Organisation;
use crate::random::Random;

/// code, name, line, price in yuan, how often it is ordered beside the others, whether it is new.
pub const PRODUCTS: [(&str, &str, &str, f64, f64, bool); 20] = [
    ("HJ20", "髋关节假体 HJ20", "骨科", 18_600.0, 0.45, false),
    ("XJ12", "膝关节假体 XJ12", "骨科", 16_900.0, 1.2, false),
    ("GB07", "锁定接骨板 GB07", "骨科", 2_380.0, 2.2, false),
    ("GD31", "空心骨钉 GD31", "骨科", 640.0, 2.4, false),
    ("JZ05", "椎弓根螺钉 JZ05", "脊柱", 3_150.0, 1.6, false),
    ("JZ18", "椎间融合器 JZ18", "脊柱", 7_900.0, 1.1, true),
    ("GC02", "骨水泥 GC02", "骨科", 980.0, 1.7, false),
    ("FH44", "可吸收缝合线 FH44", "外科", 210.0, 3.2, false),
    ("WQ09", "腔镜吻合器 WQ09", "外科", 4_450.0, 1.5, false),
    ("WQ15", "电动吻合器 WQ15", "外科", 6_800.0, 0.8, true),
    ("CD21", "超声刀头 CD21", "外科", 3_900.0, 1.2, false),
    ("ZX03", "中心静脉导管 ZX03", "介入", 360.0, 2.6, false),
    ("ZJ11", "造影导管 ZJ11", "介入", 720.0, 1.9, false),
    ("QN08", "球囊扩张导管 QN08", "介入", 4_900.0, 1.3, false),
    ("ZJ30", "药物洗脱支架 ZJ30", "介入", 7_400.0, 0.9, false),
    ("MZ06", "一次性麻醉面罩 MZ06", "耗材", 48.0, 3.0, false),
    ("HX10", "呼吸回路 HX10", "耗材", 135.0, 2.6, false),
    ("SY22", "输液泵管路 SY22", "耗材", 66.0, 2.9, false),
    ("FL17", "负压引流套装 FL17", "耗材", 580.0, 2.0, true),
    ("DL01", "高频电刀笔 DL01", "外科", 95.0, 2.7, false),
];

/// The product whose batch was recalled last month.
const RECALLED_PRODUCT: usize = 0;

const TITLES: [(&str, f64); 7] = [
    ("科主任", 1.0),
    ("副主任医师", 1.2),
    ("主治医师", 1.6),
    ("设备科主任", 0.7),
    ("采购主任", 0.7),
    ("护士长", 0.9),
    ("采购专员", 0.6),
];

/// How the silence of some customers came about, for those who look after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Steady,
    /// Regular until some weeks ago, and the people who knew us there have left.
    Lost,
    /// Has not bought for some weeks, but everybody is still there.
    Quiet,
}

pub struct Contact {
    pub id: String,
    pub name: String,
    pub title: &'static str,
    pub from: Day,
    pub left: Option<Day>,
}

pub struct Customer {
    pub id: String,
    pub name: String,
    pub level: &'static str,
    /// The post whose holder looks after it.
    pub post: usize,
    pub orders_per_month: f64,
    /// How many days it takes to pay, at the median.
    pub payment_days: f64,
    pub fate: Fate,
    /// The last day on which it bought anything.
    pub bought_until: Option<Day>,
    pub contacts: Vec<Contact>,
}

impl Customer {
    /// A contact who is there on the day.
    pub fn contact(&self, random: &mut Random, day: Day) -> Option<&Contact> {
        let there = |contact: &&Contact| contact.from <= day && contact.left.is_none_or(|left| day < left);
        let there: Vec<&Contact> = self.contacts.iter().filter(there).collect();
        random.pick(&there).copied()
    }
}

/// When the recall began; the batch came in some weeks before, and was sold until then.
#[derive(Clone, Debug)]
pub struct Recall {
    pub batch: String,
    pub arrived: Day,
    pub day: Day,
    /// The day on which the crisis was over.
    pub ended: Day,
}

pub struct Market {
    pub customers: Vec<Customer>,
    pub recall: Recall,
}

impl Market {
    pub fn new(seed: u64, today: Day, organisation: &Organisation) -> Self {
        let mut random = Random::of(seed, "market", 0);
        let mut names = Names::default();
        let mut customers: Vec<Customer> = Vec::new();
        let representatives: Vec<usize> = (0..organisation.posts.len())
            .filter(|post| organisation.posts[*post].position == "sales-representative")
            .collect();
        for (number, post) in representatives.iter().enumerate() {
            // The first of the region has three: somebody to look at.
            let count = if number == 0 { 3 } else { random.between(2, 3) };
            for _ in 0..count {
                let region = organisation.posts[*post].department;
                customers.push(customer(customers.len(), *post, region, today, &mut random, &mut names));
            }
        }
        // One of the first representative's, and some of others', are lost; some are only quiet.
        let every = (customers.len() / 11).max(2);
        for (number, customer) in customers.iter_mut().enumerate() {
            let fate = match number % every {
                1 => Fate::Lost,
                3 => Fate::Quiet,
                _ => Fate::Steady,
            };
            customer.meet(fate, today, &mut random);
        }
        Self { customers, recall: Recall::before(today) }
    }

    pub fn customers_of(&self, post: usize) -> Vec<&Customer> {
        self.customers.iter().filter(|customer| customer.post == post).collect()
    }

    /// The batch of the product that is sold on the day.
    pub fn batch(&self, product: usize, day: Day) -> String {
        if product == RECALLED_PRODUCT && self.recall.arrived <= day && day < self.recall.day {
            return self.recall.batch.clone();
        }
        batch_of(product, arrival(product, day))
    }
}

/// Every product gets a new batch every three weeks, each on a day of its own.
const BATCH_DAYS: i64 = 21;

/// The day on which the batch came in that is sold on this day.
fn arrival(product: usize, day: Day) -> Day {
    Day(day.0 - (day.0 - product as i64 * 5).rem_euclid(BATCH_DAYS))
}

/// Whether a batch of the product comes in on the day.
pub fn arrives(product: usize, day: Day) -> bool {
    arrival(product, day) == day
}

fn batch_of(product: usize, arrived: Day) -> String {
    let (year, month, day) = arrived.parts();
    format!("{}-{:02}{month:02}{day:02}", PRODUCTS[product].0, year % 100)
}

impl Recall {
    fn before(today: Day) -> Self {
        let (year, month, _) = today.month_away(-1).parts();
        let day = Day::of(year, month, 9).workday_from();
        let arrived = day.plus(-26);
        let batch = format!("{}R", batch_of(RECALLED_PRODUCT, arrived));
        Self { batch, arrived, day, ended: day.plus(7).workday_from() }
    }
}

fn customer(number: usize, post: usize, region: &str, today: Day, random: &mut Random, names: &mut Names) -> Customer {
    let (level, orders_per_month) = match random.below(10) {
        0..=3 => ("三甲", random.around(7.5, 0.3)),
        4..=6 => ("三级", random.around(5.5, 0.25)),
        _ => ("二级", random.around(4.2, 0.2)),
    };
    let mut contacts = Vec::new();
    for _ in 0..random.between(3, 6) {
        let total: f64 = TITLES.iter().map(|(_, weight)| weight).sum();
        let mut drawn = random.unit() * total;
        let title = TITLES.iter().find(|(_, weight)| {
            drawn -= weight;
            drawn < 0.0
        });
        let title = title.map_or("主治医师", |(title, _)| title);
        let left = random.chance(0.06).then(|| today.plus(-random.between(5, 380)));
        contacts.push(Contact {
            id: format!("K-{:04}-{}", number + 1, contacts.len() + 1),
            name: names::contact(random, title),
            title,
            from: today.plus(-random.between(500, 1_500)),
            left,
        });
    }
    Customer {
        id: format!("H-{:04}", number + 1),
        name: names.hospital(random, region),
        level,
        post,
        orders_per_month,
        payment_days: random.around(52.0, 0.25),
        fate: Fate::Steady,
        bought_until: None,
        contacts,
    }
}

impl Customer {
    fn meet(&mut self, fate: Fate, today: Day, random: &mut Random) {
        self.fate = fate;
        if fate == Fate::Steady {
            return;
        }
        let silent = today.plus(-random.between(33, 58));
        self.bought_until = Some(silent);
        self.orders_per_month = self.orders_per_month.max(6.0);
        let leaving = if fate == Fate::Lost { self.contacts.len().div_ceil(2) } else { 0 };
        for (number, contact) in self.contacts.iter_mut().enumerate() {
            contact.left = (number < leaving).then(|| silent.plus(random.between(-25, 10)));
        }
    }
}
