/**
 * Where the latencies of constraint rows come from: sums of named timings, by profile and standard.
 *
 * A line is `level preceding > following: sum`; several commands are separated by commas. Before the colon, `window n`
 * counts from the n-th last command and `beside` means the other children of the parent. Lines of one pair, level and kind
 * stand in the order of their rows. The tables give the recorded figures of Ramulator 2.0 for each of its parts.
 */
const ddr3 = `
channel RD,RDA > RD,RDA: nBL
channel WR,WRA > WR,WRA: nBL
rank ACT > ACT: nRRD
rank ACT > ACT window 4: nFAW
rank ACT > PREA: nRAS
rank ACT > REFab: nRC
rank PRE,PREA > REFab: nRP
rank PREA > ACT: nRP
rank RD,RDA > RD,RDA: nCCD
rank WR,WRA > WR,WRA: nCCD
rank RD,RDA > WR,WRA: nCL + nBL + 2 - nCWL
rank WR,WRA > RD,RDA: nCWL + nBL + nWTR
rank RD,RDA > RD,RDA,WR,WRA beside: nBL + nCS
rank WR,WRA > RD,RDA beside: nCL + nBL + nCS - nCWL
rank RD > PREA: nRTP
rank WR > PREA: nCWL + nBL + nWR
rank RDA > REFab: nRTP + nRP
rank WRA > REFab: nCWL + nBL + nWR + nRP
rank REFab > ACT: nRFC
bank ACT > ACT: nRC
bank ACT > RD,RDA,WR,WRA: nRCD
bank ACT > PRE: nRAS
bank PRE > ACT: nRP
bank RD > PRE: nRTP
bank WR > PRE: nCWL + nBL + nWR
bank RDA > ACT: nRTP + nRP
bank WRA > ACT: nCWL + nBL + nWR + nRP
`;

const ddr4 = `
channel RD,RDA > RD,RDA: nBL
channel WR,WRA > WR,WRA: nBL
rank ACT > ACT: nRRDS
rank ACT > ACT window 4: nFAW
rank ACT > PREA: nRAS
rank ACT > REFab: nRC
rank PRE,PREA > REFab: nRP
rank PREA > ACT: nRP
rank RD,RDA > RD,RDA: nCCDS
rank WR,WRA > WR,WRA: nCCDS
rank RD,RDA > WR,WRA: nCL + nBL + 2 - nCWL
rank WR,WRA > RD,RDA: nCWL + nBL + nWTRS
rank RD,RDA > RD,RDA,WR,WRA beside: nBL + nCS
rank WR,WRA > RD,RDA beside: nCL + nBL + nCS - nCWL
rank RD > PREA: nRTP
rank WR > PREA: nCWL + nBL + nWR
rank RDA > REFab: nRTP + nRP
rank WRA > REFab: nCWL + nBL + nWR + nRP
rank REFab > ACT,PREA: nRFC
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL
bankgroup WR,WRA > RD,RDA: nCWL + nBL + nWTRL
bankgroup ACT > ACT: nRRDL
bank ACT > ACT: nRC
bank ACT > RD,RDA,WR,WRA: nRCD
bank ACT > PRE: nRAS
bank PRE > ACT: nRP
bank RD > PRE: nRTP
bank WR > PRE: nCWL + nBL + nWR
bank RDA > ACT: nRTP + nRP
bank WRA > ACT: nCWL + nBL + nWR + nRP
`;

const ddr5 = `
channel ACT,RD,WR,RDA,WRA > *: 2
channel RD,RDA > RD,RDA: nBL
channel WR,WRA > WR,WRA: nBL
rank ACT > ACT: nRRDS
rank ACT > ACT window 4: nFAW
rank ACT > PREA: nRAS
rank ACT > REFab,RFMab,DRFMab: nRC
rank PRE,PREsb,PREA > REFab,RFMab,DRFMab: nRP
rank PREA > ACT,REFsb,RFMsb,DRFMsb: nRP
rank RD,RDA > RD,RDA: nCCDS
rank WR,WRA > WR,WRA: nCCDS_WR
rank RD,RDA > WR,WRA: nCL + nBL + 4 - nCWL
rank WR,WRA > RD,RDA: nCCDS_WTR
rank RD,RDA > RD,RDA,WR,WRA beside: nBL + nCS
rank WR,WRA > RD,RDA beside: nCL + nBL + nCS - nCWL
rank RD > PREA: nRTP
rank WR > PREA: nCWL + nBL + nWR
rank RDA > REFab,RFMab,DRFMab: nRTP + nRP
rank WRA > REFab,RFMab,DRFMab: nCWL + nBL + nWR + nRP
rank REFab > ACT,PREA,REFab,RFMab,DRFMab,REFsb,RFMsb,DRFMsb: nRFC1
rank RFMab > ACT,PREA,REFab,RFMab,DRFMab,REFsb,RFMsb,DRFMsb: nRFM1
rank DRFMab > ACT,PREA,REFab,RFMab,DRFMab,REFsb,RFMsb,DRFMsb: nDRFMab
rank REFsb > PREA,REFab,RFMab,DRFMab: nRFCsb
rank RFMsb > PREA,REFab,RFMab,DRFMab: nRFMsb
rank DRFMsb > PREA,REFab,RFMab,DRFMab: nDRFMsb
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL_WR
bankgroup WR,WRA > RD,RDA: nCCDL_WTR
bankgroup ACT > ACT: nRRDL
bank ACT > ACT,REFsb,RFMsb,DRFMsb: nRC
bank ACT > RD,RDA,WR,WRA: nRCD
bank ACT > PRE,PREsb: nRAS
bank PRE,PREsb > ACT,REFsb,RFMsb,DRFMsb: nRP
bank RD > PRE,PREsb: nRTP
bank WR > PRE,PREsb: nCWL + nBL + nWR
bank WR > RDA: nCWL + nBL + nWR - nRTP
bank RDA > ACT,REFsb,RFMsb,DRFMsb: nRTP + nRP
bank WRA > ACT,REFsb,RFMsb,DRFMsb: nCWL + nBL + nWR + nRP
bank REFsb > ACT,REFsb,RFMsb,DRFMsb: nRFCsb
bank RFMsb > ACT,REFsb,RFMsb,DRFMsb: nRFMsb
bank DRFMsb > ACT,REFsb,RFMsb,DRFMsb: nDRFMsb
`;

const hbm = `
channel ACT > *: 2
pseudochannel ACT > ACT: nRRDS
pseudochannel ACT > ACT: nRRDS
pseudochannel ACT > ACT window 4: nFAW
pseudochannel ACT > ACT window 4: nFAW
pseudochannel ACT > REFsb,RFMsb: nRRDS + 1
pseudochannel ACT > PREA: nRAS
pseudochannel ACT > REFab,RFMab: nRC
pseudochannel PRE,PREA > REFab,RFMab: nRP
pseudochannel PREA > ACT: nRP
pseudochannel RD,RDA > RD,RDA: nBL
pseudochannel RD,RDA > RD,RDA: nCCDS
pseudochannel WR,WRA > WR,WRA: nBL
pseudochannel WR,WRA > WR,WRA: nCCDS
pseudochannel RD,RDA > WR,WRA: nCL + nBL + 2 - nCWL
pseudochannel WR,WRA > RD,RDA: nCWL + nBL + nWTRS
pseudochannel RD > PREA: nRTPS
pseudochannel WR > PREA: nCWL + nBL + nWR
pseudochannel RDA > REFab,RFMab: nRTPS + nRP
pseudochannel WRA > REFab,RFMab: nCWL + nBL + nWR + nRP
pseudochannel REFab,RFMab > ACT,REFsb,RFMsb: nRFC
pseudochannel REFsb,RFMsb > REFsb,RFMsb: nRREFD
pseudochannel REFsb,RFMsb > ACT: nRREFD - 1
bankgroup ACT > ACT: nRRDL
bankgroup ACT > REFsb,RFMsb: nRRDL + 1
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL
bankgroup WR,WRA > RD,RDA: nCWL + nBL + nWTRL
bankgroup REFsb,RFMsb > ACT: nRRDL - 1
bank ACT > ACT: nRC
bank ACT > RD,RDA: nRCDRD
bank ACT > WR,WRA: nRCDWR
bank ACT > PRE: nRAS
bank PRE > ACT: nRP
bank RD > PRE: nRTPS
bank RD > PRE: nRTPL
bank WR > PRE: nCWL + nBL + nWR
bank RDA > ACT,REFsb,RFMsb: nRTPL + nRP
bank WRA > ACT,REFsb,RFMsb: nCWL + nBL + nWR + nRP
`;

/** The tables by profile and standard. */
export const constraintFormulas: Readonly<Record<string, string>> = {
  "r20 DDR3": ddr3,
  "r20 DDR4": ddr4,
  "r20 DDR5": ddr5,
  "r20 HBM2": hbm,
  "r20 HBM3": hbm,
};
