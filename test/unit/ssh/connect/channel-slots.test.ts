import { expect, test } from 'vitest';
import { ChannelSlots } from '../../../../runner-host/ssh/connect/channel-slots';

test('slots are given in turn, and giving one back twice makes no second one', async () => {
  const slots = new ChannelSlots(1);
  const first = await slots.take();
  const order: number[] = [];
  const second = slots.take().then((back) => (order.push(2), back));
  const third = slots.take().then((back) => (order.push(3), back));
  first();
  first();
  const back = await second;
  await Promise.resolve();
  expect(order).toEqual([2]);
  back();
  (await third)();
  expect(order).toEqual([2, 3]);
});
