import type { Story } from "../history/synthetic.ts";

/** kube0 loses its power at 5 s, kube1 has the VIP 3.5 s later, kube0 is back at 16 s. All goes well. */
export const wellDone: Story = {
  phases: [
    ["calm-before", 0],
    ["fault", 5],
    ["during", 5.2],
    ["heal", 16],
    ["recovery", 16.2],
    ["calm-after", 30],
    ["end", 35],
  ],
  held: [
    ["kube0", 0, 5.2],
    ["kube1", 8.5, 35],
  ],
  off: ["kube0", 5.2, 16],
  fault: { name: "holder-powered-off", node: "kube0", inject: 5, heal: 16 },
  down: [
    ["vip", 5, 8.6],
    ["haproxy@kube0", 5, 20],
    ["api@kube0", 5, 22],
  ],
};

/** The same, but kube2 has the VIP as well, for 12 s. */
export const twoHolders: Story = { ...wellDone, held: [...wellDone.held, ["kube2", 8.7, 20.7]] };
