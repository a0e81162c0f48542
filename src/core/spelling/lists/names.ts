/** Eponyms, abbreviations that are written in small or mixed letters, units, and short words of reports. */
export const names = `
addison addisonian albright alport alzheimer arnold aschoff baker bankart barrett bartholin barton behcet bence bennett
bochdalek boerhaave bosniak bouchard boutonniere bowman brodie buerger caplan caroli castleman chagas charcot chiari
churg codman colles coombs couinaud cowper crohn cushing cushingoid dandy denonvilliers denver douglas down dressler
dupuytren ebstein ehlers danlos eisenmenger erlenmeyer ewing fallot fanconi felson ferguson fleischner fontan freiberg galeazzi
garland gartner gaucher genant geneva gerota ghon gleason gohn goodpasture gorham graves greenfield grynfeltt hamman haglund
hampton hashimoto heberden henoch schonlein hickman hill hippel hirschsprung hodgkin horner hounsfield hunter hurler hutchinson
jefferson jones kaposi kartagener kasabach kawasaki kerley kienbock klatskin klippel trenaunay klebsiella kohler krukenberg
kveim ladd langerhans larmor leriche lhermitte lindau lisfranc loeffler loffler ludwig luschka macewen mackenrodt mallory malgaigne
marfan marfanoid meckel meigs meniere meyers mirizzi monteggia morgagni morison morton mueller nelaton osgood schlatter
osler paget pagetoid pancoast parkinson perthes peutz jeghers peyronie pott poupart rasmussen raynaud reiter rendu
riedel riolo rokitansky ross roux sachs salter scheuermann schmorl segond sengstaken sever shone sjogren smith sprengel
stanford starling stener sturge sudeck ganz swyer takayasu tietze tillaux todani treitz valsalva vater virchow waldenstrom
wegener werner westermark whipple wilms wilson wolff wormian zenker zollinger ellison
angio appy approx appt cath caths cc cm cms covid cp ecg ekg esp exam/s fluoro followup followups hr hrs incl keV kg kub kv kvp kvps mAs
mcg mg mgy mhz min ml mls mm mms mo mos msv mv ng postop preop preprocedure resp sec secs stat supp temp vs wk wks wnl yo yr yrs
aneuploidy apicoposteriorly asymmetry asymmetric asymmetrically asymptomatic atraumatic bandlike beam bilateral breathhold
breathholding cardiorespiratory cardiopulmonary chest chronicity clinician/s clinically comorbid comorbidities comorbidity
contrasted conspicuity conspicuous coned cranial densely density diagnosis differential distinctness equivocal etiology etiologies
etiologic excursion exaggerated exam fluoro followup gallium grossly healed heterogeneity hilarity imaged inapparent incidental
incidentally incompletely inferior inspiratory insp intact interim intermittent interval lateralization lordosis lungs magnified
magnification mainstem markedly measurable megavoltage metallic mottled multiple nonacute nonfocal nonvisualization normal
noncardiac noncardiogenic cardiogenic nondependent nondiagnostic nonpathologic nontraumatic obscures oriented opacifies patchiness
penetrated periphery persistence persistent phonation physiologic physiological physiologically plain positional posteriorly prior
priors projectional pronounced quadrant/s radially radiating recommend reidentified redemonstrated redemonstration resolve
residua residuum reticulonodularity rotated rotation rounding silhouette silhouetted silhouetting stability stigmata subjacent
superimposes symmetric symmetrical symmetrically symmetry tapering technologist/s thoracolumbar transmitted triage undulating
unchanged uncertain underlying unicameral unilateral unilaterally ununited upsloping downsloping ventilate ventilatory vessel/s
visualisation visualise visualised visualization visualize visualized weightbearing wellbeing zonal
apicobasal basally centrally craniad hemidiaphragmatic infracarinal interfissural intrafissural retromanubrial subfissural ventrodorsal
covid coronavirus influenza pneumococcal pneumococcus legionella staphylococcal staphylococcus streptococcal streptococcus
pseudomonas mycoplasma chlamydia cryptococcal aspergillus candida cytomegalovirus adenovirus rhinovirus varicella haemophilus
`;
