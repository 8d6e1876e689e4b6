/**
 * Every page with its address. A page is a chunk of its own and is fetched when somebody goes there. `pages.json` beside
 * this folder's parent lists the same addresses for the host, which answers 404 for all others; a test compares the two.
 */
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { dayQuery } from '../api/day.ts';
import { growthQuery } from '../api/growth.ts';
import { indicatorQuery } from '../api/indicator.ts';
import { forget, memory, onSignedOut } from '../api/memory.ts';
import { Problem } from '../api/problem.ts';
import { questionQuery, type QuestionChoice } from '../api/questions.ts';
import { sessionQuery } from '../api/session.ts';
import { teamQuery } from '../api/team.ts';
import { waysQuery } from '../api/ways.ts';
import { Broken } from './Broken.tsx';
import { Loading } from './Loading.tsx';
import { Missing } from './Missing.tsx';
import { Root } from './Root.tsx';
import { BrokenAlone, MissingAlone } from './Standalone.tsx';

type Context = { memory: QueryClient };

const root = createRootRouteWithContext<Context>()({
  component: Root,
  errorComponent: BrokenAlone,
  notFoundComponent: MissingAlone,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && isOwnAddress(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('../pages/sign-in/SignInPage.tsx'), 'SignInPage'),
});

/** Only addresses of these pages are gone to after signing in. */
function isOwnAddress(address: string) {
  return address.startsWith('/') && !address.startsWith('//') && !address.includes('\\');
}

const acceptLink = createRoute({
  getParentRoute: () => root,
  path: '/accept/$secret',
  component: lazyRouteComponent(() => import('../pages/sign-in/AcceptLinkPage.tsx'), 'AcceptLinkPage'),
});

/** Around all pages for which one has to be signed in. Pages read the session from its context. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const toSignIn = () => {
      const next = location.href === '/' ? {} : { next: location.href };
      return redirect({ to: '/sign-in', search: next, replace: true });
    };
    // Who was never seen on this device is asked for only if there is a session: a refusal would stand in the console.
    if (context.memory.getQueryData(sessionQuery.queryKey) === undefined) {
      const ways = await context.memory.query(waysQuery);
      if (!ways.session) {
        throw toSignIn();
      }
    }
    try {
      const session = await context.memory.query({ ...sessionQuery, staleTime: 'static' });
      return { session };
    } catch (error) {
      throw error instanceof Problem && error.word === 'sign-in-needed' ? toSignIn() : error;
    }
  },
  errorComponent: BrokenAlone,
  component: lazyRouteComponent(() => import('./Shell.tsx'), 'Shell'),
});

/** Begins to read what a page needs while the page itself is fetched. What goes wrong the page hears itself. */
function prepare(reading: Promise<unknown>) {
  reading.catch(() => undefined);
}

const day = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  loader: ({ context }) => {
    prepare(context.memory.query(dayQuery(context.session.person)));
  },
  component: lazyRouteComponent(() => import('../pages/day/DayPage.tsx'), 'DayPage'),
});

/** The month that a page tells more about; each page has one of its own without it. */
function monthOf(search: Record<string, unknown>): { month?: string } {
  return typeof search.month === 'string' && /^\d{4}-\d{2}$/.test(search.month)
    ? { month: search.month }
    : {};
}

const indicator = createRoute({
  getParentRoute: () => signedIn,
  path: '/people/$person/indicators/$indicator',
  validateSearch: monthOf,
  loader: ({ context, params }) => {
    prepare(context.memory.query(indicatorQuery(params.person, params.indicator)));
  },
  component: lazyRouteComponent(() => import('../pages/indicator/IndicatorPage.tsx'), 'IndicatorPage'),
});

const growth = createRoute({
  getParentRoute: () => signedIn,
  path: '/people/$person/growth',
  validateSearch: monthOf,
  loader: ({ context, params }) => {
    prepare(context.memory.infiniteQuery(growthQuery(params.person, context.session.company.time_zone)));
  },
  component: lazyRouteComponent(() => import('../pages/growth/GrowthPage.tsx'), 'GrowthPage'),
});

/** One's own, as it stands in the navigation. */
const ownGrowth = createRoute({
  getParentRoute: () => signedIn,
  path: '/growth',
  validateSearch: monthOf,
  loader: ({ context }) => {
    prepare(
      context.memory.infiniteQuery(growthQuery(context.session.person, context.session.company.time_zone)),
    );
  },
  component: lazyRouteComponent(() => import('../pages/growth/GrowthPage.tsx'), 'OwnGrowthPage'),
});

const QUESTION_CHOICES: QuestionChoice[] = ['waiting', 'mine', 'all'];

const questions = createRoute({
  getParentRoute: () => signedIn,
  path: '/questions',
  validateSearch: (search: Record<string, unknown>): { show?: QuestionChoice } => {
    const show = QUESTION_CHOICES.find((choice) => choice === search.show);
    return show === undefined ? {} : { show };
  },
  component: lazyRouteComponent(() => import('../pages/questions/QuestionsPage.tsx'), 'QuestionsPage'),
});

const question = createRoute({
  getParentRoute: () => signedIn,
  path: '/questions/$id',
  loader: ({ context, params }) => {
    prepare(context.memory.query(questionQuery(params.id)));
  },
  component: lazyRouteComponent(() => import('../pages/questions/QuestionPage.tsx'), 'QuestionPage'),
});

const team = createRoute({
  getParentRoute: () => signedIn,
  path: '/team',
  beforeLoad: ({ context }) => {
    if (!context.session.leads) {
      throw notFound();
    }
  },
  loader: ({ context }) => {
    prepare(context.memory.query(teamQuery(context.session.person)));
  },
  component: lazyRouteComponent(() => import('../pages/team/TeamPage.tsx'), 'TeamPage'),
});

const teamOf = createRoute({
  getParentRoute: () => signedIn,
  path: '/people/$person/team',
  loader: ({ context, params }) => {
    prepare(context.memory.query(teamQuery(params.person)));
  },
  component: lazyRouteComponent(() => import('../pages/team/TeamPage.tsx'), 'TeamOfPage'),
});

/** Around the pages of the set-up, for HR partners and administrators. */
const setUp = createRoute({
  getParentRoute: () => signedIn,
  id: 'set-up',
  beforeLoad: ({ context: { session } }) => {
    if (!session.administrator && !session.hr_partner) {
      throw notFound();
    }
  },
  component: lazyRouteComponent(() => import('../pages/setup/SetUpFrame.tsx'), 'SetUpFrame'),
});

/** Around those of them that are for administrators only. */
const administration = createRoute({
  getParentRoute: () => setUp,
  id: 'administration',
  beforeLoad: ({ context: { session } }) => {
    if (!session.administrator) {
      throw notFound();
    }
  },
});

const setUpHome = createRoute({
  getParentRoute: () => setUp,
  path: '/setup',
  component: lazyRouteComponent(() => import('../pages/setup/SetUpPage.tsx'), 'SetUpPage'),
});

const scorecards = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/scorecards',
  component: lazyRouteComponent(
    () => import('../pages/setup/scorecards/ScorecardsPage.tsx'),
    'ScorecardsPage',
  ),
});

const scorecard = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/scorecards/$scorecard',
  component: lazyRouteComponent(() => import('../pages/setup/scorecards/ScorecardPage.tsx'), 'ScorecardPage'),
});

const people = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/people',
  component: lazyRouteComponent(() => import('../pages/setup/people/PeoplePage.tsx'), 'PeoplePage'),
});

const person = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/people/$person',
  component: lazyRouteComponent(() => import('../pages/setup/people/PersonPage.tsx'), 'PersonPage'),
});

const departments = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/departments',
  component: lazyRouteComponent(() => import('../pages/setup/people/DepartmentsPage.tsx'), 'DepartmentsPage'),
});

const indicators = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/indicators',
  component: lazyRouteComponent(
    () => import('../pages/setup/indicators/IndicatorsPage.tsx'),
    'IndicatorsPage',
  ),
});

const indicatorSetUp = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/indicators/$indicator',
  component: lazyRouteComponent(
    () => import('../pages/setup/indicators/IndicatorSetUpPage.tsx'),
    'IndicatorSetUpPage',
  ),
});

const plugins = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/plugins',
  component: lazyRouteComponent(() => import('../pages/setup/plugins/PluginsPage.tsx'), 'PluginsPage'),
});

const plugin = createRoute({
  getParentRoute: () => setUp,
  path: '/setup/plugins/$plugin',
  component: lazyRouteComponent(() => import('../pages/setup/plugins/PluginPage.tsx'), 'PluginPage'),
});

const imports = createRoute({
  getParentRoute: () => administration,
  path: '/setup/import',
  component: lazyRouteComponent(() => import('../pages/setup/imports/ImportPage.tsx'), 'ImportPage'),
});

const tokens = createRoute({
  getParentRoute: () => administration,
  path: '/setup/tokens',
  component: lazyRouteComponent(() => import('../pages/setup/tokens/TokensPage.tsx'), 'TokensPage'),
});

const jobs = createRoute({
  getParentRoute: () => administration,
  path: '/setup/jobs',
  component: lazyRouteComponent(() => import('../pages/setup/jobs/JobsPage.tsx'), 'JobsPage'),
});

const settings = setUp.addChildren([
  setUpHome,
  scorecards,
  scorecard,
  people,
  person,
  departments,
  indicators,
  indicatorSetUp,
  plugins,
  plugin,
  administration.addChildren([imports, tokens, jobs]),
]);

export const routes = root.addChildren([
  signIn,
  acceptLink,
  signedIn.addChildren([day, indicator, growth, ownGrowth, questions, question, team, teamOf, settings]),
]);

export const router = createRouter({
  routeTree: routes,
  context: { memory },
  defaultPreload: 'intent',
  // What a page needs is kept by the queries, which know how old it is.
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: Loading,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: Missing,
  scrollRestoration: true,
});

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname !== '/sign-in' && !pathname.startsWith('/accept/')) {
    void forget().then(() => router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href } }));
  }
});

declare module '@tanstack/react-router' {
  // The library is told its routes by adding to an interface of its own.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Register {
    router: typeof router;
  }
}
