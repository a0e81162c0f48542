/** What indications speak of: symptoms, general medicine, common abbreviations in small letters. */
export const clinic = `
abd adduction abduction acidosis adipose adrenalectomy afib allogeneic allogenic amputated amputee/s amyotrophic analgesia analgesic/s
anorexia anteriorly anteverted apnea apneic arrhythmia/s arrhythmic arteriosum arthralgia/s arthritides asphyxia asystole ataxia
autoimmune bacterium bacilli bariatric biventricular bolster/s bradycardia bradycardic breathlessness cabg cachectic cachexia
cervicalgia chemoprophylaxis chemotherapeutic cholangitic chf claudication coagulopathy comatose commissure/s commissural copd
corticated cramping crescentic cruciates curvilinear cxr cyanosis cyanotic cytopenia debility defervescence dermatitis dextro
diabetic/s diaphoresis diaphoretic diplopia disorientation dizziness dvt dx dysarthria dysmorphic dyspeptic dyspepsia dysphasia
dysphonia dysrhythmia/s dystonia dystrophy dystrophies dysuria eczema electrolyte/s elevational emesis encephalopathic endoluminally
eosinophilia epigastralgia erythema erythematous esrd exacerbations exertional expansile expectorant expectoration fatigability
febrile fibrillation fibromyalgia flexure/s flulike flutter fx gait glomerular glomerulonephritis glycemic habitus hallucination/s
headache/s hemangiopericytoma hematemesis hematochezia hematocrit hematologic hematologist hemoglobin hemolysis hemolytic
hemorrhoid/s hemorrhoidal hemorrhoidectomy hepatopulmonary hiccups histoplasmoma/s hiv hoarseness htn hx hypercalcemia hypercapnia
hypercapnic hypercholesterolemia hyperglycemia hyperglycemic hyperkalemia hyperlipidemia hypernatremia hyperosmolar hypertriglyceridemia
hyperuricemia hypoalbuminemia hypocalcemia hypoglycemia hypoglycemic hypokalemia hyponatremia hypothermia hypothyroid hypothyroidism
hypoxemic icteric icterus immunocompetent immunodeficiency immunoglobulin/s immunosuppressant/s immunosuppressed immunosuppression
immunosuppressive incisional incontinence incontinent infarcts intra intraocular iritis ischaemias ketoacidosis lactate lentiform
leukopenia lightheaded lightheadedness limbus lipase lupus lymphadenopathies malabsorption malaise malnutrition malnourished
margination masslike melena meds melanotic menarche menopause menopausal menorrhagia metabolic midback midepigastric midsternal
mononucleosis morphologic morphology myalgia/s myelodysplastic myelodysplasia myocarditides myopathy myopericarditis nephritic
nephritis nephrotic neurologic neurological neurologically neuropathies neuropathy neuropathic neutropenia neutropenic neutrophilia
nocturia nonproductive nonradiating nonsmoker/s nonsmoking nonweightbearing normotensive numbness obese obesity occluder/s
odynophagia oliguria oncology oncologic organoaxial mesenteroaxial organomegaly orthopnea orthostatic osteogenic ototoxic palpitation/s
pancytopenia pannus paraplegia paraplegic paresthesia/s paroxysmal perimenopausal pharyngitis photophobia pilonidal pleurodynia
polyarthralgia polydipsia polymyalgia polyneuropathy polyuria posturing postviral ppd pre precordium presyncope presyncopal prn
pruritic pruritus psoriasis ptx pulmonic pulmonologist pulmonology pyrexia pyuria quadriplegia quadriplegic rales reflux refluxed
retrosternally rheumatologic rheumatology rhinitis rhinorrhea rigors roentgenogram/s roentgenographic sclerodactyly scleroderma
sciatica sedation seizure/s sequential serologic serology shortness skinfold/s smoker/s somnolence somnolent sputa spastic
stimulator/s strandlike strandy streakiness streaklike streaky stridor stroke/s sx syncopal syncope tachyarrhythmia tachycardic
tachypneic takedown tetralogy tetraplegia thrombocytopenia thrombocytosis tinnitus tricompartmental bicompartmental unicompartmental
tricompartment troponin tuberculin tx ulcer/s unresponsive unresponsiveness urinalysis urticaria vagal vasculatures vasovagal
vertigo viral viridans vomitus wheeze/s wheezing wheezy xray/s actinomyces choroidal duchenne humira membranoproliferative
artifactually angulate lymphopenia lymphocytopenia polymerase procalcitonin antiretroviral/s aminotransferase crepitation/s
anosmia asthenia leucocytosis creatinine neutrophil/s sympathectomy myoclonic mellitus fibrinogen desaturation coryzal diarrheal
apyretic epileptiform gliosis superinfection tacrolimus tazobactam hydroxychloroquine pathologies jirovecii pneumoniae panlobar
cava fallopian unilocular concha bullosa longus occlusal cephalometric orthopantomogram/s luxation hemi marginated trigeminal varix
tamponade parenchymatous endoanal callosum serpiginous bifid lysis dura intima brevis radialis gracile polypoidal dexa
hyperostoses postinflammatory postinfectious postinfarction reexpanded reexpansion nonexpanded interlobularly
scarred unfolded unfolding widened widening crowding crowded fullness haziness hazy airspaces haze subsegmentally perifissural
`;
