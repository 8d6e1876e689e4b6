/** Departments as the tree that they are. */
import type { Department, Headcount } from '../../../api/departments.ts';

export type Branch = Department & {
  /** Who belongs to it, and who to it or those below it; absent where that is not known. */
  people?: number;
  all?: number;
  below: Branch[];
};

/** A department whose upper one is not there stands at the top; of a ring nobody would see anything, so it is cut. */
export function treeOf(departments: Department[], counts: Headcount['departments']): Branch[] {
  const known = new Map(departments.map((department) => [department.id, department]));
  const counted = new Map(counts.map((count) => [count.department, count]));
  const below = new Map<string | undefined, Department[]>();
  for (const department of departments) {
    const parent = department.parent != null && known.has(department.parent) ? department.parent : undefined;
    below.set(parent, [...(below.get(parent) ?? []), department]);
  }
  const seen = new Set<string>();
  const branch = (department: Department): Branch => {
    seen.add(department.id);
    const count = counted.get(department.id);
    return {
      ...department,
      ...(count && { people: count.people, all: count.people_with_those_below }),
      below: (below.get(department.id) ?? []).filter(({ id }) => !seen.has(id)).map(branch),
    };
  };
  const top = (below.get(undefined) ?? []).map(branch);
  const left = departments.filter(({ id }) => !seen.has(id));
  return [...top, ...left.flatMap((department) => (seen.has(department.id) ? [] : [branch(department)]))];
}
