/** British spellings; forms in -ise and -isation need no entry. A word ending in `/s` has that plural too. */
export const british = `
aetiology aetiologies aetiological anaemia anaemic anaesthesia anaesthetic anaesthetist analyse analysed aneurysmal armour
artefact/s artefactual bacteraemia behaviour behavioural caesarean calibre/s cancelled catalogue/s catheterise catheterised
centre/s centred centring centimetre/s chylothorax coeliac colour/s coloured colourless counselled defence demineralised diarrhoea
dialled dialyse dialysed dyspnoea endeavour enrol favour favoured favourable fibre/s fibreoptic foetal foetus fulfil fuelled
gonorrhoea gynaecological gynaecology gynaecomastia haemangioma/s haemarthrosis haematocrit haematogenous haematological
haematology haematoma/s haematuria haemochromatosis haemodialysis haemodynamic haemodynamically haemoglobin haemolysis haemolytic
haemopericardium haemoperitoneum haemophilia haemopneumothorax haemoptysis haemorrhage/s haemorrhaging haemorrhagic haemorrhoid/s
haemosiderin haemosiderosis haemostasis haemothorax harbour hyperaemia hypercalcaemia hyperglycaemia hyperkalaemia hyperlipidaemia
hyponatraemia hypoglycaemia hypovolaemia hypovolaemic hypoxaemia initialled ischaemia ischaemic judgement kilometre/s labelled
labelling labour leukaemia leukaemic licence litre/s localise localised manoeuvre/s manoeuvring metre/s millilitre/s millimetre/s
modelled modelling mould neighbour neighbouring odour oedema oedematous oesophageal oesophagectomy oesophagitis
oesophagogastroduodenoscopy oesophagoscopy oesophagus oestrogen oligaemia oligaemic orthopaedic/s paediatric/s paediatrician
paralyse paralysed perioesophageal peroesophageal practise practised practising programme/s rigour rumour/s sceptical
septicaemia signalling sulphate sulphur thalassaemia titre towards travelled travelling tumour/s tumoural uraemia
uraemic vapour vigour whilst amongst grey greyish greyscale paraoesophageal retrooesophageal transoesophageal
gastrooesophageal tracheooesophageal aortooesophageal azygooesophageal polycythaemia toxaemia viraemia
`;
