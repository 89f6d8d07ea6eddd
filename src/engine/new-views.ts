// Views that the project has and that have not been given the rows from before them: each is fed once, in
// the order in which they read each other, and runs from then on. What a feed had done before the process
// ended counts, unless the view or something that it makes has changed.

import type { Store } from '../../storage/index.ts'
import type { Project } from '../project/definitions.ts'
import type { FeedControl, FeedWork } from './engine.ts'
import type { Feeds } from './feeds.ts'
import { isOfTheView, type BadView, type View, type Views } from './views.ts'

export class NewViews {
  /** Materialized pipes that can't run, and why. */
  bad: readonly BadView[] = []
  private readonly store: Store
  private readonly views: Views
  private readonly feeds: Feeds

  constructor(store: Store, views: Views, feeds: Feeds) {
    this.store = store
    this.views = views
    this.feeds = feeds
  }

  /** Feeds them, or hands the work over; BACKFILL skip leaves it out. */
  async feed(project: Project, onFeed?: (feed: FeedWork) => void): Promise<void> {
    const isSkipped = (view: View) => project.datasources.get(view.trigger)?.backfill === 'skip'
    const waiting = [...this.views.unfed()]
    const wanted = new Set(waiting.filter((view) => !isSkipped(view)).map((view) => view.key))
    await this.store.forgetWork(({ key }) => ![...wanted].some((own) => key.startsWith(`${own} `)))
    const isReady = (view: View) => !waiting.some((other) => other !== view && other.target === view.trigger)
    while (waiting.length > 0) {
      const view = waiting.splice(Math.max(0, waiting.findIndex(isReady)), 1)[0]
      if (isSkipped(view)) {
        await this.store.addFeed(view.target, view.key)
        this.views.activate(view)
      } else if (onFeed === undefined) await this.feedOrReport(view)
      else onFeed({ pipe: view.pipe, target: view.target, run: (control) => this.feedOrReport(view, control) })
    }
  }

  /** A pipe runs that did not. */
  hasRun(pipe: string): void { this.bad = this.bad.filter((view) => view.pipe !== pipe) }

  /** A view that cannot digest an old row does not run, and keeps nothing else from running. */
  private async feedOrReport(view: View, control?: FeedControl): Promise<void> {
    if (!this.views.has(view)) return // the project has changed: another one takes its place
    if (this.views.isFed(view)) { // while this waited, by what stood in its place before
      this.views.activate(view)
      return
    }
    try {
      await this.store.forgetWork(({ key }) => key.startsWith(`${view.key} `) && key !== this.views.workKey(view))
      await this.feeds.feed(view, control)
    } catch (error) {
      const { pipe, target } = view
      const isCancelled = (error as { kind?: unknown }).kind === 'cancelled'
      if (isCancelled || isOfTheView(error)) this.bad = [...this.bad, { pipe, target, message: (error as Error).message }]
      if (!isOfTheView(error)) throw error
    }
  }
}
