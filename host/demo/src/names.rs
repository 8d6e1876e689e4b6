//! Names that sound as if they were somebody's. All of them are made up.

use std::collections::BTreeSet;

use crate::random::Random;

const SURNAMES: [&str; 60] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于",
    "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆",
    "汪", "范", "石",
];

const GIVEN: [&str; 88] = [
    "伟", "芳", "娜", "敏", "静", "磊", "洋", "艳", "勇", "军", "杰", "涛", "明", "超", "霞", "平", "刚", "丹", "萍",
    "欣怡", "子涵", "雨桐", "浩然", "梓轩", "诗涵", "思远", "佳怡", "俊杰", "嘉豪", "晓东", "志强", "建华", "建国",
    "文博", "海燕", "玉兰", "桂英", "秀珍", "丽华", "婷婷", "雪梅", "春燕", "国栋", "立新", "永强", "振宇", "宇航",
    "天宇", "泽宇", "一鸣", "家明", "少华", "卫东", "红梅", "晓燕", "晓峰", "晓明", "小军", "雅琴", "雅婷", "梦洁",
    "梦琪", "若曦", "若琳", "清扬", "书瑶", "书豪", "启航", "启明", "承志", "承宇", "德海", "德胜", "学文", "学军",
    "世杰", "世昌", "冬梅", "月华", "金凤", "银河", "凯", "斌", "鹏", "辉", "玲", "倩", "慧",
];

/// Cities of each sales region, by the region's department.
pub fn cities(department: &str) -> &'static [&'static str] {
    match department {
        "sales-shanghai" => &["上海浦东", "上海徐汇", "上海静安", "上海闵行", "上海宝山", "上海松江", "上海嘉定"],
        "sales-jiangsu" => &["南京", "苏州", "无锡", "常州", "南通", "徐州", "扬州"],
        "sales-zhejiang" => &["杭州", "宁波", "温州", "嘉兴", "绍兴", "台州", "金华"],
        "sales-north" => &["北京", "天津", "石家庄", "济南", "青岛", "太原", "郑州"],
        "sales-south" => &["广州", "深圳", "佛山", "东莞", "福州", "厦门", "长沙"],
        _ => &["成都", "重庆", "西安", "昆明", "贵阳", "武汉", "兰州"],
    }
}

const HOSPITAL_WORDS: [&str; 16] = [
    "怀仁", "德馨", "明济", "和安", "景行", "宏爱", "嘉禾", "思邈", "兰亭", "泰和", "延寿", "博雅", "长青", "致和",
    "云台", "惠民",
];

const HOSPITAL_KINDS: [&str; 5] = ["医院", "骨科医院", "中心医院", "中西医结合医院", "外科医院"];

/// Gives out names, each once.
#[derive(Default)]
pub struct Names {
    given: BTreeSet<String>,
}

impl Names {
    pub fn person(&mut self, random: &mut Random) -> String {
        // Common surnames come first and are drawn more often.
        let surname = random.below(SURNAMES.len()).min(random.below(SURNAMES.len()));
        self.unique(random, |random| format!("{}{}", SURNAMES[surname], GIVEN[random.below(GIVEN.len())]))
    }

    pub fn hospital(&mut self, random: &mut Random, region: &str) -> String {
        let cities = cities(region);
        self.unique(random, |random| {
            let city = cities[random.below(cities.len())];
            let word = HOSPITAL_WORDS[random.below(HOSPITAL_WORDS.len())];
            format!("{city}{word}{}", HOSPITAL_KINDS[random.below(HOSPITAL_KINDS.len())])
        })
    }

    fn unique(&mut self, random: &mut Random, mut make: impl FnMut(&mut Random) -> String) -> String {
        let mut name = make(random);
        // So many are there to choose from that a few attempts are enough; after that a name may come twice.
        for _ in 0..50 {
            if self.given.insert(name.clone()) {
                break;
            }
            name = make(random);
        }
        name
    }
}

/// What somebody in a hospital is called to their face: nobody at the company knows more.
pub fn contact(random: &mut Random, title: &str) -> String {
    let surname = SURNAMES[random.below(SURNAMES.len())];
    let called = match title {
        "科主任" | "副主任医师" | "设备科主任" | "采购主任" => "主任",
        "主治医师" => "医生",
        "护士长" => "护士长",
        _ => "老师",
    };
    format!("{surname}{called}")
}
