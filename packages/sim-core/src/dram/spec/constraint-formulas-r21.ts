/**
 * Where the latencies of constraint rows come from in profile `r21`, in the notation of the tables of `r20`. They give the
 * recorded figures of Ramulator 2.1 for each of its parts.
 *
 * Waits count from the first cycle of a command on its bus. A command of several cycles is understood with its last, so that
 * what waits for it waits longer by the rest, and what it waits for is over sooner: the ones and twos at the ends.
 *
 * Source: the resolved exports of Ramulator 2.1, and the rule by which it folds commands of several cycles.
 */
const accesses = `
channel RD,RDA > RD,RDA: nBL
channel WR,WRA > WR,WRA: nBL
`;

const ddr4 = `${accesses}
rank RD,RDA > RD,RDA: nCCDS
rank WR,WRA > WR,WRA: nCCDS
rank RD,RDA > WR,WRA: nCL + nBL + 2 - nCWL
rank WR,WRA > RD,RDA: nCWL + nBL + nWTRS
rank RD,RDA > RD,RDA,WR,WRA beside: nBL + nCS
rank WR,WRA > RD,RDA beside: nCWL + nBL + nCS - nCL
rank RD > PREab: nRTP
rank WR > PREab: nCWL + nBL + nWR
rank RDA > REFab: nRTP + nRP
rank WRA > REFab: nCWL + nBL + nWR + nRP
rank ACT > ACT: nRRDS
rank ACT > ACT window 4: nFAW
rank ACT > PREab: nRAS
rank ACT > REFab: nRC
rank PREab > ACT: nRP
rank PREpb,PREab > REFab: nRP
rank REFab > ACT,PREab: nRFC
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL
bankgroup WR,WRA > RD,RDA: nCWL + nBL + nWTRL
bankgroup ACT > ACT: nRRDL
bank ACT > ACT: nRC
bank ACT > RD,RDA,WR,WRA: nRCD
bank ACT > PREpb: nRAS
bank PREpb > ACT: nRP
bank RD > PREpb: nRTP
bank WR > PREpb: nCWL + nBL + nWR
bank RDA > ACT: nRTP + nRP
bank WRA > ACT: nCWL + nBL + nWR + nRP
`;

// Opening and access take two cycles.
const ddr5 = `
channel ACT,RD,WR,RDA,WRA > *: 2
${accesses}
rank RD,RDA > RD,RDA: nCCDS
rank WR,WRA > WR,WRA: nCCDS_WR
rank RD,RDA > WR,WRA: nCL + nBL + 4 - nCWL
rank WR,WRA > RD,RDA: nCWL + nBL + nWTRS
rank RD,RDA > RD,RDA,WR,WRA beside: nBL + nCS
rank WR,WRA > RD,RDA beside: nCWL + nBL + nCS - nCL
rank RD > PREab: nRTP + 1
rank WR > PREab: nCWL + nBL + nWR + 1
rank RDA > REFab: nRTP + nRP + 1
rank WRA > REFab: nCWL + nBL + nWR + nRP + 1
rank ACT > ACT: nRRDS
rank ACT > ACT window 4: nFAW
rank ACT > PREab: nRAS + 1
rank ACT > REFab: nRC + 1
rank PREab > ACT: nRP - 1
rank PREpb,PREab > PREpb,PREab: nPPD
rank PREpb,PREab > REFab: nRP
rank REFab > ACT: nRFC - 1
rank REFab > PREab: nRFC
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL_WR
bankgroup WR,WRA > RD,RDA: nCWL + nBL + nWTRL
bankgroup ACT > ACT: nRRDL
bank ACT > ACT: nRC
bank ACT > RD,RDA,WR,WRA: nRCD
bank ACT > PREpb: nRAS + 1
bank PREpb > ACT: nRP - 1
bank RD > PREpb: nRTP + 1
bank WR > PREpb: nCWL + nBL + nWR + 1
bank RDA > ACT: nRTP + nRP
bank WRA > ACT: nCWL + nBL + nWR + nRP
`;

// Opening takes two cycles.
const hbm2 = `
channel ACT > ACT,PREpb,PREab,REFab,REFpb: 2
pseudochannel RD,RDA > RD,RDA: nBL
pseudochannel WR,WRA > WR,WRA: nBL
pseudochannel RD,RDA > RD,RDA: nCCDS
pseudochannel WR,WRA > WR,WRA: nCCDS
pseudochannel RD,RDA > WR,WRA: nCL + nBL + 2 - nCWL
pseudochannel WR,WRA > RD,RDA: nCWL + nBL + nWTRS
pseudochannel RD > PREab: nRTPL
pseudochannel WR > PREab: nCWL + nBL + nWR
pseudochannel RDA > REFab: nRTPL + nRP
pseudochannel WRA > REFab: nCWL + nBL + nWR + nRP
pseudochannel ACT > ACT: nRRDS
pseudochannel ACT > ACT window 4: nFAW
pseudochannel ACT > PREab: nRAS + 1
pseudochannel ACT > REFab: nRC + 1
pseudochannel ACT > REFpb: nRRDS + 1
pseudochannel PREab > ACT: nRP - 1
pseudochannel PREpb,PREab > REFab: nRP
pseudochannel REFab > ACT: nRFC - 1
pseudochannel REFab > PREab: nRFC
pseudochannel REFpb > ACT: nRREFD - 1
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL
bankgroup WR,WRA > RD,RDA: nCWL + nBL + nWTRL
bankgroup ACT > ACT: nRRDL
bank ACT > ACT: nRC
bank ACT > RD,RDA: nRCDRD + 1
bank ACT > WR,WRA: nRCDWR + 1
bank ACT > PREpb: nRAS + 1
bank ACT > REFpb: nRC + 1
bank PREpb > ACT: nRP - 1
bank PREpb > REFpb: nRP
bank RD > PREpb: nRTPL
bank WR > PREpb: nCWL + nBL + nWR
bank RDA > ACT: nRTPL + nRP - 1
bank WRA > ACT: nCWL + nBL + nWR + nRP - 1
bank REFpb > ACT: nRFCpb - 1
`;

// In half clocks: opening takes three, an access two, other row commands one.
const hbm3 = `
channel ACT > ACT,PREpb,PREab,REFab,REFpb,RFMab,RFMpb: 3
channel RD,WR,RDA,WRA > RD,WR,RDA,WRA: 2
pseudochannel RD,RDA > RD,RDA: nBL
pseudochannel WR,WRA > WR,WRA: nBL
pseudochannel RD,RDA > WR,WRA: nRTW
pseudochannel WR,WRA > RD,RDA: nCWL + nBL + nWTRS
pseudochannel RD > PREab: nRTP + 1
pseudochannel WR > PREab: nCWL + nBL + nWR + 1
pseudochannel RDA > REFab,RFMab: nRTP + nRP + 1
pseudochannel WRA > REFab,RFMab: nCWL + nBL + nWR + nRP + 1
pseudochannel ACT > ACT: nRRDS
pseudochannel ACT > ACT window 4: nFAW
pseudochannel ACT > PREab: nRAS + 2
pseudochannel ACT > REFab,RFMab: nRC + 2
pseudochannel ACT > REFpb,RFMpb: nRRDS + 2
pseudochannel PREab > ACT: nRP - 2
pseudochannel PREpb,PREab > PREpb,PREab: nPPD
pseudochannel PREpb,PREab > REFab,RFMab: nRP
pseudochannel REFab > ACT: nRFC - 2
pseudochannel REFab > PREab,REFpb: nRFC
pseudochannel RFMab > ACT: nRFMab - 2
pseudochannel RFMab > PREab,RFMpb: nRFMab
pseudochannel REFpb > REFpb: nRREFD
pseudochannel RFMpb > RFMpb: nRREFD
pseudochannel REFpb,RFMpb > ACT: nRREFD - 2
sid RD,RDA > RD,RDA: nCCDS
sid WR,WRA > WR,WRA: nCCDS
sid RD,RDA > RD,RDA beside: nCCDR
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL
bankgroup WR,WRA > RD,RDA: nCWL + nBL + nWTRL
bankgroup ACT > ACT: nRRDL
bankgroup ACT > REFpb,RFMpb: nRRDL + 2
bankgroup REFpb,RFMpb > ACT: nRRDL - 2
bank ACT > ACT: nRC
bank ACT > RD,RDA: nRCDRD + 1
bank ACT > WR,WRA: nRCDWR + 1
bank ACT > PREpb: nRAS + 2
bank ACT > REFpb,RFMpb: nRC + 2
bank PREpb > ACT: nRP - 2
bank PREpb > REFpb,RFMpb: nRP
bank RD > PREpb: nRTP + 1
bank WR > PREpb: nCWL + nBL + nWR + 1
bank RDA > ACT: nRTP + nRP - 1
bank RDA > REFpb,RFMpb: nRTP + nRP + 1
bank WRA > ACT: nCWL + nBL + nWR + nRP - 1
bank WRA > REFpb,RFMpb: nCWL + nBL + nWR + nRP + 1
bank REFpb > ACT: nRFCpb - 2
bank RFMpb > ACT: nRFMpb - 2
`;

const lpddr5 = `
channel RD,RDA > RD,RDA: nBL_min
channel WR,WRA > WR,WRA: nBL_min
bank CAS_RD > RD,RDA: nCAS
bank CAS_WR > WR,WRA: nCAS
rank RD,RDA > RD,RDA: nCCDS
rank WR,WRA > WR,WRA: nCCDS_WR
rank RD,RDA > WR,WRA: nCL + nBL_min + 2 - nCWL
rank WR,WRA > RD,RDA: nCWL + nBL_min + nWTRS
rank RD,RDA > RD,RDA,WR,WRA beside: nBL_min + nCS
rank WR,WRA > RD,RDA beside: nCL + nBL_min + nCS - nCWL
rank RD > PREab: nRTP
rank WR > PREab: nCWL + nBL_min + nWR
rank RDA > REFab: nRTP + nRP
rank WRA > REFab: nCWL + nBL_min + nWR + nRP
rank ACT1 > ACT1: nRRDS
rank ACT1 > ACT1 window 4: nFAW
rank ACT1 > PREab: nRAS
rank ACT1 > REFab: nRC
rank PREab > ACT1: nRPab
rank PREpb,PREab > PREpb,PREab: nPPD
rank PREpb,PREab > REFab: nRP
rank REFab > ACT1,PREab,REFab,REFpb: nRFC
rank REFpb > REFpb: nPBR2PBR
rank REFpb > REFab: nRFCpb
rank REFpb > ACT1: nPBR2ACT
bankgroup RD,RDA > RD,RDA: nCCDL
bankgroup WR,WRA > WR,WRA: nCCDL_WR
bankgroup WR,WRA > RD,RDA: nCWL + nBL_max + nWTRL
bankgroup ACT1 > ACT1: nRRDL
bank ACT1 > ACT1: nRC
bank ACT1 > RD,RDA,WR,WRA: nRCD
bank ACT1 > PREpb: nRAS
bank ACT1 > REFpb: nRC
bank PREpb > ACT1: nRP
bank PREpb > REFpb: nRP
bank RD > PREpb: nRTP
bank WR > PREpb: nCWL + nBL_min + nWR
bank RDA > ACT1: nRTP + nRP
bank WRA > ACT1: nCWL + nBL_min + nWR + nRP
bank REFpb > ACT1: nRFCpb
`;

/** The tables by profile and standard. */
export const constraintFormulasR21: Readonly<Record<string, string>> = {
  "r21 DDR4": ddr4,
  "r21 DDR5": ddr5,
  "r21 HBM2": hbm2,
  "r21 HBM3": hbm3,
  "r21 HBM4": hbm3,
  "r21 LPDDR5": lpddr5,
};
