/** Points of one plot: more than there are pixels to tell them apart in a narrow one. */
const MOST = 240;

/** What was written on the average between two looks. */
export interface Rate {
  /** Milliseconds since the launch of the execution. */
  readonly from: number;
  readonly to: number;
  readonly bytesPerSecond: number;
}

/** How fast an execution wrote, from one look at it to the next. They come from the page's own looks: the server keeps none. */
export class Throughput {
  private samples: Array<{ readonly time: number; readonly bytes: number }> = [{ time: 0, bytes: 0 }];

  /**
   * Notes a look.
   *
   * @param time milliseconds since the launch; a look at a time that has been looked at tells nothing new
   * @param bytes written until then
   */
  public add(time: number, bytes: number): void {
    if (time <= this.samples[this.samples.length - 1].time) return;
    this.samples.push({ time, bytes });
    // With every second one left out the rest is still right: rates are averages over whatever is between two looks.
    if (this.samples.length > MOST) this.samples = this.samples.filter((_, index) => index % 2 === 0);
  }

  public get rates(): Rate[] {
    return this.samples.slice(1).map(({ time: to, bytes }, index) => {
      const { time: from, bytes: before } = this.samples[index];
      return { from, to, bytesPerSecond: Math.max(0, bytes - before) / (to - from) * 1000 };
    });
  }
}
