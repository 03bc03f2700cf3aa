/** The cause `file-loaded-twice`: a whole file or batch was posted again. It is seen on several items only (explain-across.ts). */
import type { Cause } from '../cause.ts';

export const fileLoadedTwice: Cause = {
  code: 'file-loaded-twice',
  title: 'File loaded twice',
  meaning:
    'A file or batch of the interface was processed a second time, so most of its documents stand in the ERP twice.',
  clue: 'Many documents of one file posted twice within minutes.',
  test: 'posted-twice on most documents of one file or batch; v = −qe for each.',
  side: 'erp',
  resolution: 'Reverse the second load as a whole, once. Refuse a file whose hash was loaded before.',
  example: {
    story: 'The file of 09:00 was processed again at 09:40: three documents of three items are booked twice.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance item=A erp 100>90 wms 100>95
wms 11-21 08:50 shipment -5 ref=SOA item=A
erp 11-21 09:00 shipment -5 ref=SOA batch=F0900 item=A
erp 11-21 09:40 shipment -5 ref=SOA batch=F0900 item=A
balance item=B erp 100>88 wms 100>94
wms 11-21 08:50 shipment -6 ref=SOB item=B
erp 11-21 09:00 shipment -6 ref=SOB batch=F0900 item=B
erp 11-21 09:40 shipment -6 ref=SOB batch=F0900 item=B
balance item=C erp 100>86 wms 100>93
wms 11-21 08:50 shipment -7 ref=SOC item=C
erp 11-21 09:00 shipment -7 ref=SOC batch=F0900 item=C
erp 11-21 09:40 shipment -7 ref=SOC batch=F0900 item=C
`,
    expected: `
A: file-loaded-twice +5
B: file-loaded-twice +6
C: file-loaded-twice +7
`,
  },
};
